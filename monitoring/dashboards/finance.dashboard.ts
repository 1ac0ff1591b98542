import type { Board } from './board.js';
import { amounts, figure, lines, shares } from './panels.js';

/** What finance asks during the day. Figures that are reported come from the reports: counters restart with a process. */
export const finance: Board = {
  uid: 'constancia-finance',
  title: 'Constancia: finance flow',
  says: 'What arrives, what is open and how current the reports are. For figures to report, use the reports themselves.',
  rows: {
    Money: [
      amounts({
        title: 'Verified by currency',
        says: 'Verified amounts over the range shown, in whole units.',
        unit: 'short',
        queries: {
          'sum by (currency) (increase(transaction_amount_sum[$__range]))': '{{currency}}',
        },
      }),
      lines({
        title: 'Verified per hour',
        says: 'Amount per hour, one line per currency and bank; never added up.',
        unit: 'short',
        queries: {
          '3600 * sum by (currency, bank) (rate(transaction_amount_sum[$__rate_interval]))':
            '{{currency}} {{bank}}',
        },
      }),
      lines({
        title: 'Payments verified per hour',
        says: 'Number of payments by type.',
        unit: 'short',
        queries: {
          '3600 * sum by (type) (rate(transaction_amount_count[$__rate_interval]))': '{{type}}',
        },
      }),
    ],
    Claims: [
      shares({
        title: 'Where claims went',
        says: 'Statuses reached over the range shown.',
        unit: 'short',
        queries: { 'sum by (status) (increase(transactions_total[$__range]))': '{{status}}' },
      }),
      figure({
        title: 'Open claims',
        says: 'Claims that still wait for their verdict.',
        unit: 'short',
        queries: { 'max(transactions_in_progress)': 'claims' },
      }),
      figure({
        title: 'Unclaimed credits',
        says: 'Credits first seen in the last month that nobody has claimed; GET /finance/movements lists them.',
        unit: 'short',
        queries: { 'max(payments_unclaimed_credits)': 'credits' },
      }),
      lines({
        title: 'For a person to decide, per hour',
        says: 'Claims that came into review, or were reversed.',
        unit: 'short',
        width: 12,
        queries: {
          '3600 * (sum(rate(transactions_total{status="needs_review"}[$__rate_interval])) or vector(0))':
            'needs review',
          '3600 * (sum(rate(transactions_total{status="reversed"}[$__rate_interval])) or vector(0))':
            'reversed',
        },
      }),
    ],
    'Can the reports be trusted now': [
      lines({
        title: 'Reports are behind by',
        says: 'Seconds that the slowest read model is behind the log.',
        unit: 's',
        redFrom: 5,
        width: 12,
        queries: { 'max(payments_projection_lag_seconds)': 'behind' },
      }),
      figure({
        title: 'Events missing in reports',
        says: 'Events that a read model could not apply. Above zero, a total is incomplete.',
        unit: 'short',
        redFrom: 1,
        width: 12,
        queries: { 'sum(max by (projection) (payments_projection_quarantined))': 'events' },
      }),
    ],
  },
};
