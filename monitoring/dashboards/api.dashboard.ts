import type { Board } from './board.js';
import { figure, lines } from './panels.js';

/** What merchants feel, and the processes behind it. */
export const api: Board = {
  uid: 'constancia-api',
  title: 'Constancia: API',
  says: 'Requests, refusals and failures by route, what they cost, and how the processes are.',
  rows: {
    Promises: [
      lines({
        title: 'Submissions that fail',
        says: 'Share of writes answered 5xx over an hour. The promise is one in a thousand over thirty days.',
        unit: 'percentunit',
        redFrom: 0.001,
        width: 12,
        queries: { 'slo:acceptance_errors:ratio_rate1h': 'failed' },
      }),
      lines({
        title: 'Submissions that are slow',
        says: 'Share of appends over 100 ms within an hour. The promise is one in a hundred over thirty days.',
        unit: 'percentunit',
        redFrom: 0.01,
        width: 12,
        queries: { 'slo:acceptance_slow:ratio_rate1h': 'slow' },
      }),
    ],
    Requests: [
      lines({
        title: 'Requests by route',
        says: 'Requests answered per second.',
        unit: 'reqps',
        queries: {
          'sum by (method, route) (rate(http_requests_total[$__rate_interval]))':
            '{{method}} {{route}}',
        },
      }),
      lines({
        title: 'Refused (4xx)',
        says: 'Answers per second that name a mistake of the caller, by status.',
        unit: 'reqps',
        queries: {
          'sum by (status) (rate(http_requests_total{status=~"4.."}[$__rate_interval])) or vector(0)':
            '{{status}}',
        },
      }),
      lines({
        title: 'Failed (5xx)',
        says: 'Answers per second that name a mistake of ours, by route. No input may cause one.',
        unit: 'reqps',
        queries: {
          'sum by (route, status) (rate(http_requests_total{status=~"5.."}[$__rate_interval])) or vector(0)':
            '{{route}} {{status}}',
        },
      }),
      lines({
        title: 'Time of a submission',
        says: 'Half, nineteen of twenty and ninety-nine of a hundred, waits for a verdict included.',
        unit: 's',
        queries: {
          'histogram_quantile(0.5, sum by (le) (rate(http_request_duration_seconds_bucket{method="POST",route="/api/v1/transactions"}[$__rate_interval])))':
            'p50',
          'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{method="POST",route="/api/v1/transactions"}[$__rate_interval])))':
            'p95',
          'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{method="POST",route="/api/v1/transactions"}[$__rate_interval])))':
            'p99',
        },
      }),
      lines({
        title: 'Submitted again',
        says: 'Submissions per second that were answered with a transaction that was already there.',
        unit: 'reqps',
        queries: {
          'sum(rate(payments_submissions_replayed_total[$__rate_interval]))': 'again',
        },
      }),
      lines({
        title: 'Attempts to prove who is asking',
        says: 'Per second, by result.',
        unit: 'reqps',
        queries: {
          'sum by (method, result) (rate(auth_attempts_total[$__rate_interval]))':
            '{{method}} {{result}}',
        },
      }),
      lines({
        title: 'Access tokens',
        says: 'Tokens of signed-in users looked at per second, by result.',
        unit: 'reqps',
        queries: {
          'sum by (result) (rate(auth_token_validations_total[$__rate_interval])) or vector(0)':
            '{{result}}',
        },
      }),
      lines({
        title: 'Limits not shared',
        says: 'Times per minute that counts of requests could not be shared through Redis: each instance then counts for itself.',
        unit: 'short',
        queries: {
          '60 * sum(rate(payments_rate_limit_unshared_total[$__rate_interval]))': 'times',
        },
      }),
      lines({
        title: 'Look-ups in memory',
        says: 'Per second, by cache and outcome.',
        unit: 'ops',
        queries: {
          'sum by (cache, operation) (rate(cache_operations_total[$__rate_interval]))':
            '{{cache}} {{operation}}',
        },
      }),
    ],
    Processes: [
      lines({
        title: 'Standing still (p99)',
        says: 'Time that the event loop was late.',
        unit: 's',
        redFrom: 0.25,
        queries: { nodejs_eventloop_lag_p99_seconds: '{{instance}}' },
      }),
      lines({
        title: 'Memory',
        says: 'Resident memory per instance.',
        unit: 'bytes',
        queries: { 'process_resident_memory_bytes{job="constancia"}': '{{instance}}' },
      }),
      lines({
        title: 'Processor',
        says: 'Cores in use per instance.',
        unit: 'short',
        queries: {
          'rate(process_cpu_seconds_total{job="constancia"}[$__rate_interval])': '{{instance}}',
        },
      }),
      figure({
        title: 'Running since',
        says: 'Age of the youngest process: a small figure is a recent restart.',
        unit: 's',
        width: 12,
        queries: {
          'time() - max(process_start_time_seconds{job="constancia"})': 'age',
        },
      }),
      figure({
        title: 'Versions',
        says: 'Instances by version.',
        unit: 'short',
        width: 12,
        queries: { 'count by (version) (build_info)': '{{version}}' },
      }),
    ],
    Webhooks: [
      lines({
        title: 'Webhooks',
        says: 'Tries per minute by what came of them. Only `delivered` is success; the rest is tried again, for three days.',
        unit: 'short',
        queries: {
          '60 * sum by (outcome) (rate(payments_webhook_attempts_total[$__rate_interval])) or vector(0)':
            '{{outcome}}',
        },
      }),
      lines({
        title: 'Webhooks that wait',
        says: 'Age of the oldest message for an endpoint that is enabled; one receiver that is away lets it grow for days.',
        unit: 's',
        queries: { 'max(payments_webhook_oldest_pending_age_seconds)': 'oldest' },
      }),
      lines({
        title: 'Time of a webhook (p95)',
        says: 'Nineteen of twenty receivers answer within this time.',
        unit: 's',
        queries: {
          'histogram_quantile(0.95, sum by (le) (rate(payments_webhook_attempt_duration_seconds_bucket[$__rate_interval]))) or vector(0)':
            'p95',
        },
      }),
      lines({
        title: 'Webhooks in the queue',
        says: 'Messages for endpoints that are enabled, and those given up over the range shown.',
        unit: 'short',
        queries: {
          'max(payments_webhook_pending)': 'waiting',
          'sum(increase(payments_webhook_given_up_total[$__range]))': 'given up',
        },
      }),
    ],
    'Live updates': [
      lines({
        title: 'Live connections',
        says: 'Clients that follow what happens, over all instances. Each instance has LIVE_CONNECTIONS places.',
        unit: 'short',
        queries: { 'sum by (kind) (payments_live_connections)': '{{kind}}' },
      }),
      lines({
        title: 'Live messages',
        says: 'Messages sent per second, one for each client that was sent it.',
        unit: 'ops',
        queries: {
          'sum by (kind) (rate(payments_live_messages_total[$__rate_interval]))': '{{kind}}',
        },
      }),
      lines({
        title: 'Live connections that ended',
        says: 'Per minute, by reason. `log_unavailable` and `unproven` are stores that were away, `too_slow` and `silent` the way to the client.',
        unit: 'short',
        queries: {
          '60 * sum by (reason) (rate(payments_live_connections_ended_total[$__rate_interval])) or vector(0)':
            '{{reason}}',
        },
      }),
      lines({
        title: 'Live connections refused',
        says: 'Per minute: `process_full` finds no place at an instance, `caller_full` has all that one key or user may have.',
        unit: 'short',
        width: 12,
        queries: {
          '60 * sum by (reason) (rate(payments_live_refused_total[$__rate_interval]))':
            '{{reason}}',
        },
      }),
      lines({
        title: 'Live connections resumed',
        says: 'Clients per minute that came back with a place in the log. After `reset` and `failed` they read the lists again.',
        unit: 'short',
        width: 12,
        queries: {
          '60 * sum by (outcome) (rate(payments_live_resumptions_total[$__rate_interval]))':
            '{{outcome}}',
        },
      }),
    ],
  },
};
