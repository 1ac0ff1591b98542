import type { Board } from './board.js';
import { figure, lines } from './panels.js';

/** The log, and the read models that follow it. */
export const projections: Board = {
  uid: 'constancia-projections',
  title: 'Constancia: log and projections',
  says: 'How fast claims are on disk, and how far the read models and the scheduled work are behind.',
  rows: {
    'Read models': [
      lines({
        title: 'Behind, in seconds',
        says: 'Age of the oldest event that a read model has not applied. The promise is five seconds.',
        unit: 's',
        redFrom: 5,
        width: 12,
        queries: { 'max by (projection) (payments_projection_lag_seconds)': '{{projection}}' },
      }),
      lines({
        title: 'Behind, in events',
        says: 'Events received and not applied; a lower bound while catching up.',
        unit: 'short',
        queries: { 'max by (projection) (payments_projection_lag_events)': '{{projection}}' },
      }),
      figure({
        title: 'Quarantined',
        says: 'Events that could not be applied, and those that wait behind them. Must be zero.',
        unit: 'short',
        redFrom: 1,
        queries: { 'max by (projection) (payments_projection_quarantined)': '{{projection}}' },
      }),
    ],
    Log: [
      lines({
        title: 'Appends',
        says: 'Appends per second by outcome.',
        unit: 'ops',
        queries: {
          'sum by (outcome) (rate(payments_event_append_duration_seconds_count[$__rate_interval]))':
            '{{outcome}}',
        },
      }),
      lines({
        title: 'Time of an append',
        says: 'Until the log acknowledged, repeats included. The promise is ninety-nine of a hundred within 100 ms.',
        unit: 's',
        redFrom: 0.1,
        queries: {
          'histogram_quantile(0.5, sum by (le) (rate(payments_event_append_duration_seconds_bucket[$__rate_interval])))':
            'p50',
          'histogram_quantile(0.99, sum by (le) (rate(payments_event_append_duration_seconds_bucket[$__rate_interval])))':
            'p99',
        },
      }),
      lines({
        title: 'Workers that failed',
        says: 'Rounds of background work that ended with an error, per minute; each is repeated.',
        unit: 'short',
        queries: {
          '60 * sum by (worker) (rate(payments_worker_errors_total[$__rate_interval])) or vector(0)':
            '{{worker}}',
        },
      }),
    ],
    Postgres: [
      lines({
        title: 'Statements',
        says: 'Statements per second by kind and outcome.',
        unit: 'ops',
        width: 12,
        queries: {
          'sum by (operation, outcome) (rate(db_queries_total[$__rate_interval]))':
            '{{operation}} {{outcome}}',
        },
      }),
      lines({
        title: 'Time of a statement (p99)',
        says: 'Ninety-nine of a hundred take no longer.',
        unit: 's',
        width: 12,
        queries: {
          'histogram_quantile(0.99, sum by (le, operation) (rate(db_query_duration_seconds_bucket[$__rate_interval])))':
            '{{operation}}',
        },
      }),
    ],
    'Jobs and mails': [
      lines({
        title: 'Since a job ended well, in intervals',
        says: 'Time since the last good end of each scheduled job, by how often it is run. More than three open a ticket.',
        unit: 'short',
        redFrom: 3,
        queries: {
          '(time() - max by (task) (payments_job_last_success_timestamp_seconds > 0)) / max by (task) (payments_job_interval_seconds)':
            '{{task}}',
        },
      }),
      lines({
        title: 'Time of a job',
        says: 'How long the latest run took that ended well.',
        unit: 's',
        queries: { 'max by (task) (payments_job_duration_seconds)': '{{task}}' },
      }),
      lines({
        title: 'Jobs that failed',
        says: 'Runs over the range shown that ended with an error.',
        unit: 'short',
        queries: {
          'sum by (task) (increase(payments_job_failures_total[$__range])) or vector(0)':
            '{{task}}',
        },
      }),
      figure({
        title: 'Leaders of the jobs',
        says: 'Processes that run the scheduled jobs. One; for seconds none, when another takes over.',
        unit: 'short',
        width: 8,
        queries: { 'sum(payments_jobs_leading)': 'leaders' },
      }),
      lines({
        title: 'Mails',
        says: 'Per minute, by what came of them.',
        unit: 'short',
        queries: {
          '60 * sum by (outcome) (rate(payments_mails_total[$__rate_interval])) or vector(0)':
            '{{outcome}}',
        },
      }),
      lines({
        title: 'Mails that wait',
        says: 'Mails that the mail server has not taken yet.',
        unit: 'short',
        queries: { 'max(payments_mails_waiting)': 'waiting' },
      }),
    ],
  },
};
