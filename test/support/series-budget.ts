// How many series each metric may have in one process. More would come from a label that somebody outside can
// invent values for, and would fill Prometheus; a scrape of all of them is what `npm run bench:scrape` measures.
import type { Metric, MetricObjectWithValues, MetricValue } from 'prom-client';
import type { Metrics } from '../../src/platform/metrics/metrics.js';

// Routes of the API by method, and the statuses that one route really answers.
const ROUTES = 120;
const STATUSES = 8;
const BANKS = 8;
const TYPES = 3;
const CREDENTIALS = 20;
const ENDPOINTS = 4;
// HTTP statuses and kinds of failure that a bank's calls end with.
const CALL_ENDS = 20;
const ERROR_TYPES = 30;
const READ_MODELS = 20;
const CURRENCIES = 4;
const JOBS = 15;

/** Combinations of labels per metric; a histogram has a line per bucket for each. */
export const SERIES_BUDGET: Readonly<Record<string, number>> = {
  http_requests_total: ROUTES * STATUSES,
  http_request_duration_seconds: ROUTES,
  http_requests_in_progress: 1,
  transactions_total: 7 * BANKS * TYPES,
  transactions_in_progress: 1,
  transaction_amount: BANKS * TYPES * CURRENCIES,
  banesco_api_calls_total: ENDPOINTS * CALL_ENDS,
  banesco_api_duration_seconds: ENDPOINTS,
  banesco_api_errors_total: ERROR_TYPES,
  banesco_rate_limit_exceeded_total: 1,
  auth_attempts_total: 30,
  auth_active_sessions: 1,
  auth_token_validations_total: 10,
  db_queries_total: 20,
  db_query_duration_seconds: 10,
  db_connection_pool_size: 1,
  db_connection_pool_active: 1,
  cache_operations_total: 40,
  cache_hit_ratio: 10,
  payments_submissions_replayed_total: 1,
  payments_rate_limit_unshared_total: 1,
  payments_breached_password_checks_total: 3,
  payments_event_append_duration_seconds: 4,
  payments_projection_lag_events: READ_MODELS,
  payments_projection_lag_seconds: READ_MODELS,
  payments_projection_quarantined: READ_MODELS,
  payments_permits_used: CREDENTIALS,
  payments_permits_free: CREDENTIALS,
  payments_bank_calls_total: BANKS * ENDPOINTS * CALL_ENDS,
  payments_bank_call_duration_seconds: BANKS * ENDPOINTS,
  payments_bank_errors_total: BANKS * ERROR_TYPES,
  payments_bank_rate_limit_exceeded_total: BANKS,
  payments_bank_closed: CREDENTIALS,
  payments_bank_circuit_open: CREDENTIALS,
  payments_oldest_pending_age_seconds: 1,
  payments_unclaimed_credits: 1,
  payments_webhook_attempts_total: 7,
  payments_webhook_attempt_duration_seconds: 1,
  payments_webhook_given_up_total: 1,
  payments_webhook_pending: 1,
  payments_webhook_oldest_pending_age_seconds: 1,
  payments_verdict_seconds: 7,
  payments_verdict_estimate_error_seconds: 1,
  payments_live_connections: 2,
  payments_live_connections_ended_total: 2 * 12,
  payments_live_messages_total: 2,
  payments_live_resumptions_total: 4,
  payments_live_refused_total: 2,
  payments_worker_errors_total: 40,
  payments_mails_total: 11 * 4,
  payments_mails_waiting: 1,
  payments_jobs_leading: 1,
  payments_job_last_success_timestamp_seconds: JOBS,
  payments_job_interval_seconds: JOBS,
  payments_job_duration_seconds: JOBS,
  payments_job_failures_total: JOBS,
  constancia_backup_last_success_timestamp_seconds: 1,
  build_info: 1,
};

/** What one process exposes with every metric at its budget may not have more lines than this. */
export const MOST_LINES = 10_000;

interface Exposed extends MetricObjectWithValues<MetricValue<string>> {
  readonly values: (MetricValue<string> & { readonly metricName?: string })[];
}

/** Metrics with more combinations of labels than they may have, or without a budget. Those of Node itself are left out. */
export async function overBudget(metrics: Metrics): Promise<string[]> {
  const exposed = (await metrics.registry.getMetricsAsJSON()) as unknown as Exposed[];
  return exposed
    .filter(({ name }) => !/^(nodejs|process)_/.test(name))
    .flatMap(({ name, values }) => found(name, combinations(values)));
}

/** The same, of a page as Prometheus reads it. */
export function overBudgetOnPage(page: string): string[] {
  const seen = new Map<string, Set<string>>();
  for (const [, series = '', labels = ''] of page.matchAll(/^([a-z]\w*)(?:\{(.*)\})? \S+$/gm)) {
    if (/^(nodejs|process)_/.test(series)) continue;
    const name = series in SERIES_BUDGET ? series : series.replace(/_(bucket|sum|count)$/, '');
    const combination = labels.replace(/,?le="[^"]*"/, '').replace(/^,/, '');
    seen.set(name, (seen.get(name) ?? new Set()).add(combination));
  }
  return [...seen].flatMap(([name, all]) => found(name, all.size));
}

function found(name: string, series: number): string[] {
  const budget = SERIES_BUDGET[name];
  if (budget === undefined) return [`${name} has no budget`];
  return series > budget ? [`${name} has ${series} series, ${budget} are allowed`] : [];
}

const combinations = (values: Exposed['values']): number =>
  new Set(
    values.map(({ labels }) =>
      JSON.stringify(Object.entries(labels).filter(([label]) => label !== 'le')),
    ),
  ).size;

// What prom-client keeps of a metric and does not declare.
type Fillable = Metric & {
  readonly name: string;
  readonly labelNames: readonly string[];
  inc?: (labels: object, value?: number) => void;
  set?: (labels: object, value: number) => void;
  observe?: (labels: object, value: number) => void;
};

/** Gives every metric as many series as it may have, with values as long as real ones. */
export function fillToBudget(metrics: Metrics): void {
  for (const metric of metrics.registry.getMetricsAsArray() as unknown as Fillable[]) {
    for (let series = 0; series < (SERIES_BUDGET[metric.name] ?? 0); series += 1) {
      const labels = Object.fromEntries(
        metric.labelNames.map((label) => [label, `${label}-of-a-usual-length-${series}`]),
      );
      if (metric.observe !== undefined) metric.observe(labels, series / 100);
      else if (metric.set !== undefined) metric.set(labels, series * 1.5);
      else metric.inc?.(labels, series);
    }
  }
}
