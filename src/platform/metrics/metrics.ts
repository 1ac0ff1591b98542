import { Counter, Gauge, Histogram, Registry } from 'prom-client';

// From half a millisecond to ten seconds: a local query up to a statement that the server is about to cut.
const QUERY_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Every metric, declared in one list. Labels hold words from closed lists, never ids or personal data. */
export class Metrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];

  readonly dbQueries = new Counter({
    name: 'db_queries_total',
    help: 'Statements sent to Postgres.',
    labelNames: ['operation', 'outcome'] as const,
    registers: this.registers,
  });
  readonly dbQuerySeconds = new Histogram({
    name: 'db_query_duration_seconds',
    help: 'Duration of statements in Postgres, seen from here.',
    labelNames: ['operation'] as const,
    buckets: QUERY_SECONDS,
    registers: this.registers,
  });
  readonly dbPoolSize = new Gauge({
    name: 'db_connection_pool_size',
    help: 'Most connections the pool may open.',
    registers: this.registers,
  });
  readonly dbPoolActive = new Gauge({
    name: 'db_connection_pool_active',
    help: 'Connections of the pool that are in use.',
    registers: this.registers,
  });
  readonly eventAppendSeconds = new Histogram({
    name: 'payments_event_append_seconds',
    help: 'Duration of appends to the log, repeats included.',
    labelNames: ['outcome'] as const,
    buckets: QUERY_SECONDS,
    registers: this.registers,
  });
  readonly projectionLagEvents = new Gauge({
    name: 'payments_projection_lag_events',
    help: 'Events received from the log and not yet applied; a lower bound while catching up.',
    labelNames: ['projection'] as const,
    registers: this.registers,
  });
  readonly projectionLagSeconds = new Gauge({
    name: 'payments_projection_lag_seconds',
    help: 'Age of the oldest event that is not yet applied, or time since the log was last seen to its end.',
    labelNames: ['projection'] as const,
    registers: this.registers,
  });
  readonly projectionQuarantined = new Gauge({
    name: 'payments_projection_quarantined',
    help: 'Events that could not be applied or wait behind one of their own stream; must be zero.',
    labelNames: ['projection'] as const,
    registers: this.registers,
  });
  readonly workerFailures = new Counter({
    name: 'payments_worker_failures_total',
    help: 'Runs of a background worker that ended with an error and will be repeated.',
    labelNames: ['worker'] as const,
    registers: this.registers,
  });
}
