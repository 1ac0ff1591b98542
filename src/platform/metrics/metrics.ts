import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';

/** What one metric is called, what it says, and by which bounded labels it is split. */
interface Declared<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
}

// Buckets lie close around the promise of each path: acceptance in milliseconds, banks in seconds.
const FAST_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const BANK_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30];
// Verdicts follow the schedule of asking: seconds when all is well, hours when the bank shows late.
const VERDICT_BUCKETS = [1, 2, 5, 10, 30, 60, 120, 300, 900, 3_600, 14_400, 86_400, 259_200];
const ESTIMATE_BUCKETS = [-3_600, -900, -300, -60, -15, 0, 15, 60, 300, 900, 3_600, 14_400, 86_400];

/**
 * Every metric of the service, in one list. Names without the `payments_` prefix are those of the dashboards that
 * the product inherits and never change. Labels are bounded; none holds an id or anything of a person.
 */
export class Metrics {
  readonly registry = new Registry();

  readonly httpRequestsTotal = this.counter({
    name: 'http_requests_total',
    help: 'HTTP requests answered.',
    labelNames: ['method', 'route', 'status'],
  });
  readonly httpRequestDurationSeconds = this.histogram(
    {
      name: 'http_request_duration_seconds',
      help: 'Time from receiving a request to the end of its answer.',
      labelNames: ['method', 'route'],
    },
    FAST_BUCKETS,
  );
  readonly httpRequestsInProgress = this.gauge({
    name: 'http_requests_in_progress',
    help: 'HTTP requests being answered now.',
  });

  readonly transactionsTotal = this.counter({
    name: 'transactions_total',
    help: 'Transactions that reached a status.',
    labelNames: ['status', 'bank', 'type'],
  });
  readonly transactionsInProgress = this.gauge({
    name: 'transactions_in_progress',
    help: 'Transactions that still wait for their verdict.',
  });
  /** Exposed as `transaction_amount_sum` and `_count`: a counter of that name is refused by Prometheus' linter. */
  readonly transactionAmount = this.summary({
    name: 'transaction_amount',
    help: 'Verified amounts in whole currency units; never add up different currencies.',
    labelNames: ['bank', 'type', 'currency'],
  });

  readonly banescoApiCallsTotal = this.counter({
    name: 'banesco_api_calls_total',
    help: 'Calls made to the bank, one per attempt.',
    labelNames: ['endpoint', 'status'],
  });
  readonly banescoApiDurationSeconds = this.histogram(
    {
      name: 'banesco_api_duration_seconds',
      help: 'Time of one attempt at the bank.',
      labelNames: ['endpoint'],
    },
    BANK_BUCKETS,
  );
  readonly banescoApiErrorsTotal = this.counter({
    name: 'banesco_api_errors_total',
    help: 'Attempts at the bank that gave no usable answer.',
    labelNames: ['error_type'],
  });
  readonly banescoRateLimitExceededTotal = this.counter({
    name: 'banesco_rate_limit_exceeded_total',
    help: 'Times the bank said that its limit was exceeded.',
  });

  readonly authAttemptsTotal = this.counter({
    name: 'auth_attempts_total',
    help: 'Attempts to prove who is asking.',
    labelNames: ['method', 'result'],
  });
  readonly rateLimitUnsharedTotal = this.counter({
    name: 'payments_rate_limit_unshared_total',
    help: 'Times that counts of requests could not be shared with the other instances.',
  });
  readonly breachedPasswordChecksTotal = this.counter({
    name: 'payments_breached_password_checks_total',
    help: 'Chosen passwords looked up among those known from breaches, by result.',
    labelNames: ['result'],
  });
  readonly authActiveSessions = this.gauge({
    name: 'auth_active_sessions',
    help: 'Sessions of signed-in users that have not ended.',
  });
  readonly authTokenValidationsTotal = this.counter({
    name: 'auth_token_validations_total',
    help: 'Access tokens looked at, by result.',
    labelNames: ['result'],
  });

  readonly dbQueries = this.counter({
    name: 'db_queries_total',
    help: 'Statements sent to Postgres.',
    labelNames: ['operation', 'outcome'],
  });
  readonly dbQuerySeconds = this.histogram(
    {
      name: 'db_query_duration_seconds',
      help: 'Duration of statements in Postgres, seen from here.',
      labelNames: ['operation'],
    },
    FAST_BUCKETS,
  );
  readonly dbPoolSize = this.gauge({
    name: 'db_connection_pool_size',
    help: 'Most connections to Postgres that the pool may open.',
  });
  readonly dbPoolActive = this.gauge({
    name: 'db_connection_pool_active',
    help: 'Connections of the pool that are in use.',
  });

  readonly cacheOperationsTotal = this.counter({
    name: 'cache_operations_total',
    help: 'Look-ups in memory by cache and outcome.',
    labelNames: ['cache', 'operation'],
  });
  /** Worked out when Prometheus asks, so that no look-up pays for it. */
  readonly cacheHitRatio = new Gauge({
    ...this.registered({
      name: 'cache_hit_ratio',
      help: 'Share of look-ups in memory that were answered from there, since the process started.',
      labelNames: ['cache'],
    }),
    collect: () => this.collectHitRatios(),
  });

  readonly submissionsReplayed = this.counter({
    name: 'payments_submissions_replayed_total',
    help: 'Submissions answered with the transaction that the same claim already had.',
  });
  readonly eventAppendSeconds = this.histogram(
    {
      name: 'payments_event_append_duration_seconds',
      help: 'Duration of appends to the log, repeats included.',
      labelNames: ['outcome'],
    },
    FAST_BUCKETS,
  );
  readonly projectionLagEvents = this.gauge({
    name: 'payments_projection_lag_events',
    help: 'Events received from the log and not yet applied; a lower bound while catching up.',
    labelNames: ['projection'],
  });
  readonly projectionLagSeconds = this.gauge({
    name: 'payments_projection_lag_seconds',
    help: 'Age of the oldest event that is not yet applied, or time since the log was last seen to its end.',
    labelNames: ['projection'],
  });
  readonly projectionQuarantined = this.gauge({
    name: 'payments_projection_quarantined',
    help: 'Events that could not be applied or wait behind one of their own stream; must be zero.',
    labelNames: ['projection'],
  });
  readonly paymentsPermitsUsed = this.gauge({
    name: 'payments_permits_used',
    help: 'Permits that count in the window of the contract with the bank.',
    labelNames: ['credential'],
  });
  readonly paymentsPermitsFree = this.gauge({
    name: 'payments_permits_free',
    help: 'Calls that the contract with the bank allows now.',
    labelNames: ['credential'],
  });
  readonly paymentsBankCallsTotal = this.counter({
    name: 'payments_bank_calls_total',
    help: 'Calls made to a bank other than Banesco, one per attempt.',
    labelNames: ['bank', 'endpoint', 'status'],
  });
  readonly paymentsBankCallDurationSeconds = this.histogram(
    {
      name: 'payments_bank_call_duration_seconds',
      help: 'Time of one attempt at a bank other than Banesco.',
      labelNames: ['bank', 'endpoint'],
    },
    BANK_BUCKETS,
  );
  readonly paymentsBankErrorsTotal = this.counter({
    name: 'payments_bank_errors_total',
    help: 'Attempts at a bank other than Banesco that gave no usable answer.',
    labelNames: ['bank', 'error_type'],
  });
  readonly paymentsBankRateLimitExceededTotal = this.counter({
    name: 'payments_bank_rate_limit_exceeded_total',
    help: 'Times a bank other than Banesco said that its limit was exceeded.',
    labelNames: ['bank'],
  });
  readonly paymentsBankClosed = this.gauge({
    name: 'payments_bank_closed',
    help: 'Whether a credential is closed until a person reopens it (1) or not (0).',
    labelNames: ['credential'],
  });
  readonly paymentsBankCircuitOpen = this.gauge({
    name: 'payments_bank_circuit_open',
    help: 'Whether calls are held back because the bank cannot be reached (1) or not (0).',
    labelNames: ['credential'],
  });
  readonly paymentsOldestPendingAgeSeconds = this.gauge({
    name: 'payments_oldest_pending_age_seconds',
    help: 'Age of the oldest transaction without a verdict.',
  });
  readonly paymentsUnclaimedCredits = this.gauge({
    name: 'payments_unclaimed_credits',
    help: 'Credits first seen in the last month that nobody has claimed.',
  });
  readonly paymentsVerdictSeconds = this.histogram(
    {
      name: 'payments_verdict_seconds',
      help: 'Time from submission to the verdict.',
      labelNames: ['status'],
    },
    VERDICT_BUCKETS,
  );
  readonly paymentsWebhookAttemptsTotal = this.counter({
    name: 'payments_webhook_attempts_total',
    help: 'Tries to deliver a webhook, by what came of them.',
    labelNames: ['outcome'],
  });
  readonly paymentsWebhookAttemptDurationSeconds = this.histogram(
    {
      name: 'payments_webhook_attempt_duration_seconds',
      help: 'Time of one try to deliver a webhook.',
    },
    BANK_BUCKETS,
  );
  readonly paymentsWebhookGivenUpTotal = this.counter({
    name: 'payments_webhook_given_up_total',
    help: 'Webhooks that were given up after their last try.',
  });
  readonly paymentsWebhookPending = this.gauge({
    name: 'payments_webhook_pending',
    help: 'Webhooks that wait for endpoints that are enabled.',
  });
  readonly paymentsWebhookOldestPendingAgeSeconds = this.gauge({
    name: 'payments_webhook_oldest_pending_age_seconds',
    help: 'Age of the oldest webhook that waits for an endpoint that is enabled.',
  });
  /** The estimate is a median: it is right when half of all verdicts come later than it, half earlier. */
  readonly paymentsVerdictEstimateErrorSeconds = this.histogram(
    {
      name: 'payments_verdict_estimate_error_seconds',
      help: 'Time from the verdict that was foreseen for a new claim to the one that came; negative when it came earlier.',
    },
    ESTIMATE_BUCKETS,
  );
  readonly liveConnections = this.gauge({
    name: 'payments_live_connections',
    help: 'Clients that follow what happens, by the way they are connected.',
    labelNames: ['kind'],
  });
  readonly liveConnectionsEnded = this.counter({
    name: 'payments_live_connections_ended_total',
    help: 'Live connections that ended, and why.',
    labelNames: ['kind', 'reason'],
  });
  readonly liveMessages = this.counter({
    name: 'payments_live_messages_total',
    help: 'Messages sent to live connections, one for each that was sent it.',
    labelNames: ['kind'],
  });
  readonly liveResumptions = this.counter({
    name: 'payments_live_resumptions_total',
    help: 'Clients that named a place to resume from, and what came of it.',
    labelNames: ['outcome'],
  });
  readonly liveRefused = this.counter({
    name: 'payments_live_refused_total',
    help: 'Live connections refused for want of a place: of the process, or of one caller.',
    labelNames: ['reason'],
  });
  readonly workerFailures = this.counter({
    name: 'payments_worker_errors_total',
    help: 'Runs of a background worker that ended with an error and will be repeated.',
    labelNames: ['worker'],
  });
  readonly jobsLeading = this.gauge({
    name: 'payments_jobs_leading',
    help: 'Whether this process runs the scheduled jobs (1) or another one does (0).',
  });
  readonly jobLastSuccess = this.gauge({
    name: 'payments_job_last_success_timestamp_seconds',
    help: 'When a scheduled job last ended well; 0 when it never has. Of the process that leads, or led last.',
    // Not `job`: Prometheus calls what it scrapes by that.
    labelNames: ['task'],
  });
  readonly jobInterval = this.gauge({
    name: 'payments_job_interval_seconds',
    help: 'How often a scheduled job is run.',
    labelNames: ['task'],
  });
  readonly jobDuration = this.gauge({
    name: 'payments_job_duration_seconds',
    help: 'How long the latest run of a scheduled job took that ended well.',
    labelNames: ['task'],
  });
  readonly jobFailures = this.counter({
    name: 'payments_job_failures_total',
    help: 'Runs of a scheduled job that failed.',
    labelNames: ['task'],
  });
  readonly mails = this.counter({
    name: 'payments_mails_total',
    help: 'Mails by what they tell and what became of handing them over: sent, retried later, kept for later, failed for good.',
    labelNames: ['kind', 'outcome'],
  });
  readonly mailsWaiting = this.gauge({
    name: 'payments_mails_waiting',
    help: 'Mails that are not handed over yet.',
  });
  /** Not there until it is known: without a backup to look at nothing is claimed. */
  readonly backupLastSuccess = this.gauge({
    name: 'constancia_backup_last_success_timestamp_seconds',
    help: 'When the last whole backup was made.',
    labelNames: ['kept_in'],
  });

  readonly buildInfo = this.gauge({
    name: 'build_info',
    help: 'Always 1; the labels say which build runs.',
    labelNames: ['version', 'node'],
  });

  private async collectHitRatios(): Promise<void> {
    const { values } = await this.cacheOperationsTotal.get();
    const counts = new Map<string, { hits: number; lookUps: number }>();
    for (const { labels, value } of values) {
      if (labels.operation !== 'hit' && labels.operation !== 'miss') continue;
      const count = counts.get(String(labels.cache)) ?? { hits: 0, lookUps: 0 };
      count.lookUps += value;
      if (labels.operation === 'hit') count.hits += value;
      counts.set(String(labels.cache), count);
    }
    for (const [cache, { hits, lookUps }] of counts) {
      this.cacheHitRatio.set({ cache }, hits / lookUps);
    }
  }

  private counter<const Label extends string = never>(declared: Declared<Label>): Counter<Label> {
    return new Counter<Label>(this.registered(declared));
  }

  private gauge<const Label extends string = never>(declared: Declared<Label>): Gauge<Label> {
    return new Gauge<Label>(this.registered(declared));
  }

  private histogram<const Label extends string = never>(
    declared: Declared<Label>,
    buckets: number[],
  ): Histogram<Label> {
    return new Histogram<Label>({ ...this.registered(declared), buckets });
  }

  private summary<const Label extends string = never>(declared: Declared<Label>): Summary<Label> {
    return new Summary<Label>({ ...this.registered(declared), percentiles: [] });
  }

  private registered<Label extends string>(declared: Declared<Label>) {
    return {
      name: declared.name,
      help: declared.help,
      labelNames: [...(declared.labelNames ?? [])],
      registers: [this.registry],
    };
  }
}
