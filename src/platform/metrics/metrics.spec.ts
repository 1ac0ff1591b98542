import { Metrics } from './metrics.js';

const EXPECTED = [
  'http_requests_total',
  'http_request_duration_seconds',
  'http_requests_in_progress',
  'transactions_total',
  'transactions_in_progress',
  'transaction_amount',
  'banesco_api_calls_total',
  'banesco_api_duration_seconds',
  'banesco_api_errors_total',
  'banesco_rate_limit_exceeded_total',
  'auth_attempts_total',
  'auth_active_sessions',
  'auth_token_validations_total',
  'db_queries_total',
  'db_query_duration_seconds',
  'db_connection_pool_size',
  'db_connection_pool_active',
  'cache_operations_total',
  'cache_hit_ratio',
  'payments_submissions_replayed_total',
  'payments_event_append_duration_seconds',
  'payments_projection_lag_events',
  'payments_projection_lag_seconds',
  'payments_projection_quarantined',
  'payments_permits_used',
  'payments_permits_free',
  'payments_oldest_pending_age_seconds',
  'payments_worker_errors_total',
  'build_info',
];

describe('declaring the metrics', () => {
  it('has every name that the dashboards read', () => {
    const names = new Metrics().registry.getMetricsAsArray().map((metric) => metric.name);

    expect(names).toEqual(expect.arrayContaining(EXPECTED));
    expect(new Set(names).size).toBe(names.length);
  });

  it('exposes the sum of amounts under the inherited name, one per currency', async () => {
    const metrics = new Metrics();
    metrics.transactionAmount.observe({ bank: '0134', type: 'payment', currency: 'VES' }, 120.5);
    metrics.transactionAmount.observe({ bank: '0134', type: 'payment', currency: 'VES' }, 9.5);

    expect(await metrics.registry.metrics()).toContain(
      'transaction_amount_sum{bank="0134",type="payment",currency="VES"} 130',
    );
  });

  it('works out how often each cache answered', async () => {
    const metrics = new Metrics();
    metrics.cacheOperationsTotal.inc({ cache: 'api_keys', operation: 'miss' });
    metrics.cacheOperationsTotal.inc({ cache: 'api_keys', operation: 'hit' }, 3);
    metrics.cacheOperationsTotal.inc({ cache: 'api_keys', operation: 'renewal_failed' });

    expect(await metrics.registry.metrics()).toContain('cache_hit_ratio{cache="api_keys"} 0.75');
  });

  it('says what each metric means', async () => {
    for (const metric of await new Metrics().registry.getMetricsAsJSON()) {
      expect(metric.help).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('keeps the figures of two instances apart', async () => {
    const [one, other] = [new Metrics(), new Metrics()];
    one.banescoRateLimitExceededTotal.inc();

    expect((await other.banescoRateLimitExceededTotal.get()).values[0]?.value).toBe(0);
  });
});
