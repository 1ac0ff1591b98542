import type { Board } from './board.js';
import { amounts, figure, health, lines, shares } from './panels.js';

/** The fifteen panels that the product inherits, in their order. */
export const overview: Board = {
  uid: 'constancia-overview',
  title: 'Constancia: overview',
  says: 'Whether it runs, how it answers, and what it does with the bank. Each row has a dashboard of its own.',
  rows: {
    HTTP: [
      lines({
        title: 'Request Rate',
        says: 'Requests answered per second, by route.',
        unit: 'reqps',
        queries: { 'sum by (route) (rate(http_requests_total[$__rate_interval]))': '{{route}}' },
      }),
      lines({
        title: 'Response Time (p95)',
        says: 'Nineteen of twenty requests are answered within this time. A submission with `Prefer: wait` waits on purpose.',
        unit: 's',
        queries: {
          'histogram_quantile(0.95, sum by (le, route) (rate(http_request_duration_seconds_bucket[$__rate_interval])))':
            '{{route}}',
        },
      }),
      shares({
        title: 'HTTP Status Codes Distribution',
        says: 'Answers by status over the range shown.',
        unit: 'short',
        queries: { 'sum by (status) (increase(http_requests_total[$__range]))': '{{status}}' },
      }),
      lines({
        title: 'Active Requests',
        says: 'Requests being answered at this moment.',
        unit: 'short',
        queries: { 'sum by (instance) (http_requests_in_progress)': '{{instance}}' },
      }),
    ],
    Transactions: [
      shares({
        title: 'Transaction Status Distribution',
        says: 'Statuses that transactions reached over the range shown; one transaction reaches several.',
        unit: 'short',
        queries: { 'sum by (status) (increase(transactions_total[$__range]))': '{{status}}' },
      }),
      amounts({
        title: 'Transaction Amount by Bank',
        says: 'Verified amounts over the range shown, in whole units. Currencies are never added up.',
        unit: 'short',
        queries: {
          'sum by (bank, currency) (increase(transaction_amount_sum[$__range]))':
            '{{bank}} {{currency}}',
        },
      }),
    ],
    Bank: [
      lines({
        title: 'Banesco API Call Rate',
        says: 'Calls per minute; the contract allows two per credential, tokens included.',
        unit: 'short',
        queries: {
          '60 * sum by (endpoint, status) (rate(banesco_api_calls_total[$__rate_interval]))':
            '{{endpoint}} {{status}}',
        },
      }),
      lines({
        title: 'Banesco API Latency',
        says: 'Time of one attempt: half, nineteen of twenty, ninety-nine of a hundred.',
        unit: 's',
        queries: {
          'histogram_quantile(0.5, sum by (le) (rate(banesco_api_duration_seconds_bucket[$__rate_interval])))':
            'p50',
          'histogram_quantile(0.95, sum by (le) (rate(banesco_api_duration_seconds_bucket[$__rate_interval])))':
            'p95',
          'histogram_quantile(0.99, sum by (le) (rate(banesco_api_duration_seconds_bucket[$__rate_interval])))':
            'p99',
        },
      }),
      lines({
        title: 'Banesco Error Rate',
        says: 'Share of attempts that gave no usable answer. Unknown is never read as no.',
        unit: 'percentunit',
        redFrom: 0.5,
        queries: {
          '(sum(rate(banesco_api_errors_total[$__rate_interval])) or vector(0)) / sum(rate(banesco_api_calls_total[$__rate_interval]))':
            'errors',
        },
      }),
    ],
    Access: [
      lines({
        title: 'Auth Success Rate',
        says: 'Share of attempts to prove who is asking that succeeded.',
        unit: 'percentunit',
        queries: {
          'sum(rate(auth_attempts_total{result="success"}[$__rate_interval])) / sum(rate(auth_attempts_total[$__rate_interval]))':
            'success',
        },
      }),
      figure({
        title: 'Active Sessions',
        says: 'Sessions of signed-in users. Merchants use keys and have none.',
        unit: 'short',
        queries: { 'max(auth_active_sessions)': 'sessions' },
        width: 8,
      }),
    ],
    Inside: [
      lines({
        title: 'Database Query Duration',
        says: 'Nineteen of twenty statements take no longer, by kind.',
        unit: 's',
        queries: {
          'histogram_quantile(0.95, sum by (le, operation) (rate(db_query_duration_seconds_bucket[$__rate_interval])))':
            '{{operation}}',
        },
      }),
      lines({
        title: 'Database Connection Pool',
        says: 'Connections in use, and the most there may be, per instance.',
        unit: 'short',
        queries: {
          db_connection_pool_active: '{{instance}} in use',
          db_connection_pool_size: '{{instance}} at most',
        },
      }),
      lines({
        title: 'Cache Hit Ratio',
        says: 'Share of look-ups answered from memory since the process started.',
        unit: 'percentunit',
        queries: { cache_hit_ratio: '{{instance}} {{cache}}' },
      }),
      health({
        title: 'Application Health Status',
        says: 'Whether Prometheus reaches each instance.',
        queries: { 'up{job="constancia"}': '{{instance}}' },
      }),
    ],
  },
};
