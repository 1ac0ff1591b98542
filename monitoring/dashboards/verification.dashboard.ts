import type { Board } from './board.js';
import { figure, lines } from './panels.js';

/** How claims become verdicts, and what the bank's quota allows. */
export const verification: Board = {
  uid: 'constancia-verification',
  title: 'Constancia: verification and quota',
  says: 'Who waits for a verdict, how long, and where the calls to the bank go.',
  rows: {
    Waiting: [
      figure({
        title: 'Claims waiting',
        says: 'Claims without a verdict.',
        unit: 'short',
        queries: { 'max(transactions_in_progress)': 'claims' },
      }),
      figure({
        title: 'Oldest claim',
        says: 'Age of the claim that has waited longest. Red from thirty hours on: a claim that is not visible expires after a day.',
        unit: 's',
        redFrom: 108_000,
        queries: { 'max(payments_oldest_pending_age_seconds)': 'age' },
      }),
      lines({
        title: 'Verdicts',
        says: 'Statuses reached per minute.',
        unit: 'short',
        queries: {
          '60 * sum by (status) (rate(transactions_total[$__rate_interval]))': '{{status}}',
        },
      }),
      lines({
        title: 'Time to a verdict',
        says: 'From submission to verification. The promise is nineteen of twenty within 15 minutes, where the bank answers.',
        unit: 's',
        redFrom: 900,
        queries: {
          'histogram_quantile(0.5, sum by (le) (rate(payments_verdict_seconds_bucket{status="verified"}[$__rate_interval])))':
            'p50',
          'histogram_quantile(0.95, sum by (le) (rate(payments_verdict_seconds_bucket{status="verified"}[$__rate_interval])))':
            'p95',
        },
      }),
      lines({
        title: 'Error of the expected verdict',
        says: 'How much later the verdict came than /explain foresaw for a new claim; negative when it came earlier. The middle should lie at zero.',
        unit: 's',
        queries: Object.fromEntries(
          [0.1, 0.5, 0.9].map((share) => [
            `histogram_quantile(${share}, sum by (le) (rate(payments_verdict_estimate_error_seconds_bucket[$__rate_interval])))`,
            `p${share * 100}`,
          ]),
        ),
      }),
    ],
    Quota: [
      lines({
        title: 'Permits',
        says: 'Calls that count in the window of the contract, and calls it allows now.',
        unit: 'short',
        queries: {
          'max by (credential) (payments_permits_used)': '{{credential}} used',
          'max by (credential) (payments_permits_free)': '{{credential}} free',
        },
      }),
      lines({
        title: 'Calls by endpoint',
        says: 'Attempts per minute; each takes one permit.',
        unit: 'short',
        queries: {
          '60 * sum by (endpoint) (rate(banesco_api_calls_total[$__rate_interval]))':
            '{{endpoint}}',
          '60 * sum by (bank, endpoint) (rate(payments_bank_calls_total[$__rate_interval])) or vector(0)':
            '{{bank}} {{endpoint}}',
        },
      }),
      figure({
        title: 'Limit exceeded',
        says: 'Times the bank said that its limit was exceeded, over the range shown. Must be zero.',
        unit: 'short',
        redFrom: 1,
        queries: {
          'sum(increase(banesco_rate_limit_exceeded_total[$__range]))': 'times',
          'sum by (bank) (increase(payments_bank_rate_limit_exceeded_total[$__range])) or vector(0)':
            '{{bank}}',
        },
      }),
      figure({
        title: 'Closed',
        says: 'Credentials that are closed until a person reopens them.',
        unit: 'short',
        redFrom: 1,
        queries: { 'max by (credential) (payments_bank_closed)': '{{credential}}' },
      }),
    ],
    Bank: [
      lines({
        title: 'Answers',
        says: 'Attempts per minute by what came back.',
        unit: 'short',
        queries: {
          '60 * sum by (status) (rate(banesco_api_calls_total[$__rate_interval]))': '{{status}}',
          '60 * sum by (bank, status) (rate(payments_bank_calls_total[$__rate_interval])) or vector(0)':
            '{{bank}} {{status}}',
        },
      }),
      lines({
        title: 'No usable answer',
        says: 'Attempts per minute that told nothing, by kind. The claim stays where it is.',
        unit: 'short',
        queries: {
          '60 * sum by (error_type) (rate(banesco_api_errors_total[$__rate_interval])) or vector(0)':
            '{{error_type}}',
          '60 * sum by (bank, error_type) (rate(payments_bank_errors_total[$__rate_interval])) or vector(0)':
            '{{bank}} {{error_type}}',
        },
      }),
      lines({
        title: 'Time of a call (p95)',
        says: 'Nineteen of twenty calls take no longer, by endpoint; banks beside Banesco by name.',
        unit: 's',
        queries: {
          'histogram_quantile(0.95, sum by (le, endpoint) (rate(banesco_api_duration_seconds_bucket[$__rate_interval])))':
            '{{endpoint}}',
          'histogram_quantile(0.95, sum by (le, bank, endpoint) (rate(payments_bank_call_duration_seconds_bucket[$__rate_interval]))) or vector(0)':
            '{{bank}} {{endpoint}}',
        },
      }),
      lines({
        title: 'Calls held back',
        says: '1 while calls are held back because the bank cannot be reached.',
        unit: 'short',
        redFrom: 1,
        queries: {
          'max by (credential) (payments_bank_circuit_open) or vector(0)': '{{credential}}',
        },
      }),
    ],
  },
};
