import { addDays } from '../../kernel/local-date.js';
import { withoutZeros } from './digits.js';
import type { LedgerMovement } from './movement.js';
import type { Scenario } from './scenario.js';

const differing = (
  movement: LedgerMovement,
  change: Partial<LedgerMovement>,
): readonly LedgerMovement[] => [{ ...movement, ...change }];

/** 0.3 % of the amount, at least one cent: what banks commonly take for a mobile payment. */
const commissionOf = ({ amountMinor }: LedgerMovement): bigint =>
  amountMinor > 333n ? (amountMinor * 3n) / 1000n : 1n;

const commission = (movement: LedgerMovement, direction: 'credit' | 'debit'): LedgerMovement => ({
  ...movement,
  direction,
  amountMinor: commissionOf(movement),
  concept: 'COMISION PAGO MOVIL',
});

/** Behaviours that concern what the books show of one movement. */
export const ROW_SCENARIOS: readonly Scenario[] = [
  {
    number: 0,
    name: 'plain',
    summary: 'the credit is there, as asked',
    expected: 'verified',
  },
  {
    number: 1,
    name: 'late-credit',
    summary: 'the credit shows some seconds after the first ask (`--late-credit-ms`)',
    expected: 'pending, then verified',
    rows: (movement, seen, { rules }) =>
      seen.sinceFirstAskMs >= rules.lateCreditMs ? [movement] : [],
  },
  {
    number: 2,
    name: 'never-visible',
    summary: 'the credit never shows',
    expected: 'expired',
    rows: () => [],
  },
  {
    number: 3,
    name: 'amount-one-cent-less',
    summary: 'the bank holds one cent less than was asked',
    expected: 'needs_review: amount_differs',
    rows: (movement) => differing(movement, { amountMinor: movement.amountMinor - 1n }),
  },
  {
    number: 4,
    name: 'amount-one-cent-more',
    summary: 'the bank holds one cent more than was asked',
    expected: 'needs_review: amount_differs',
    rows: (movement) => differing(movement, { amountMinor: movement.amountMinor + 1n }),
  },
  {
    number: 5,
    name: 'amount-quite-different',
    summary: 'asked 11 566.72, got 4 717: the bank compares no amounts',
    expected: 'needs_review: amount_differs',
    rows: (movement) =>
      differing(movement, { amountMinor: (movement.amountMinor * 408n) / 1000n + 1n }),
  },
  {
    number: 6,
    name: 'zero-stripped',
    summary: 'the reference without its leading zeros',
    expected: 'verified',
    spell: (detail) => ({
      ...detail,
      referenceNumber: withoutZeros(String(detail.referenceNumber)),
    }),
  },
  {
    number: 7,
    name: 'short-tail',
    summary: 'only the last six digits of the reference',
    expected: 'verified',
    rows: (movement) => differing(movement, { spelling: 'tail6' }),
  },
  {
    number: 8,
    name: 'reference-as-number',
    summary: 'the reference as a JSON number',
    expected: 'verified',
    spell: (detail) => ({ ...detail, referenceNumber: Number(detail.referenceNumber) }),
  },
  {
    number: 9,
    name: 'masked-reference',
    summary: 'all but the last four digits of the reference hidden by stars',
    expected: 'needs_review: unsupported_evidence',
    spell: (detail) => ({
      ...detail,
      referenceNumber: String(detail.referenceNumber).replace(/\d(?=\d{4})/g, '*'),
    }),
  },
  {
    number: 10,
    name: 'commission-twin-debit',
    summary: 'a second row with the same reference: the commission, as a debit',
    expected: 'verified',
    rows: (movement) => [movement, commission(movement, 'debit')],
  },
  {
    number: 11,
    name: 'commission-twin-credit',
    summary:
      'a second row with the same reference: the commission (0.3 %), shown as a credit, first',
    expected: 'verified',
    rows: (movement) => [commission(movement, 'credit'), movement],
  },
  {
    number: 12,
    name: 'two-alike',
    summary: 'two credits that differ only in the digits before the tail',
    expected: 'needs_review where only the tail was claimed, else expired',
    rows: (movement) => {
      const tail = movement.reference.padStart(6, '0').slice(-6);
      return ['10001', '20002'].flatMap((head) =>
        differing(movement, { reference: `${head}${tail}`, spelling: 'full' }),
      );
    },
  },
  {
    number: 13,
    name: 'duplicate-rows',
    summary: 'the same row twice, to the letter',
    expected: 'verified at most once; needs_review: ambiguous_movements is safe',
    rows: (movement) => [movement, movement],
  },
  {
    number: 14,
    name: 'debit-only',
    summary: 'a debit with that reference and amount, and no credit',
    expected: 'pending, then expired',
    rows: (movement) => differing(movement, { direction: 'debit' }),
  },
  {
    number: 15,
    name: 'next-day',
    summary: 'the row is dated one day after the day asked about',
    expected: 'verified with a full reference, else needs_review',
    rows: (movement) => differing(movement, { on: addDays(movement.on, 1) }),
  },
  {
    number: 16,
    name: 'other-currency',
    summary: 'the right figure in dollars',
    expected: 'pending, then expired; never verified',
    rows: (movement) => differing(movement, { currency: 'USD' }),
  },
  {
    number: 17,
    name: 'other-payer',
    summary: 'another payer phone behind the mask',
    expected: 'needs_review or verified, by configuration',
    spell: (detail) => ({ ...detail, accountId: '5842********9999' }),
  },
  {
    number: 18,
    name: 'contradiction',
    summary: 'the first ask shows another amount than every later one',
    expected: 'needs_review: amount_differs, then contradicting_answers; a person decides',
    rows: (movement, seen) =>
      seen.asks === 1
        ? differing(movement, { amountMinor: movement.amountMinor + 100n })
        : [movement],
  },
  {
    number: 19,
    name: 'vanishing',
    summary: 'the credit shows at the first ask and is gone afterwards',
    expected: 'verified; a later sweep that misses it is shown to finance',
    rows: (movement, seen) => (seen.asks === 1 ? [movement] : []),
  },
  {
    number: 20,
    name: 'reversal',
    summary: 'from the second ask on, a debit with the same reference and amount beside the credit',
    expected: 'verified; reversal_suspected where the account is listed',
    rows: (movement, seen) =>
      seen.asks === 1 ? [movement] : [movement, { ...movement, direction: 'debit' }],
  },
  {
    number: 21,
    name: 'amount-as-string',
    summary: 'the amount as a string with two decimals',
    expected: 'verified',
    rows: (movement) => differing(movement, { amountAs: 'string' }),
  },
  {
    number: 22,
    name: 'amount-with-comma',
    summary: 'the amount as `1.240,00`, which this bank never promised',
    expected: 'pending (malformed answer), never verified',
    spell: (detail) => ({
      ...detail,
      amount: Number(detail.amount).toLocaleString('es-VE', { minimumFractionDigits: 2 }),
    }),
  },
  {
    number: 23,
    name: 'missing-fields',
    summary: 'a row without amount, date and type',
    expected: 'pending (malformed answer), never verified',
    spell: ({ referenceNumber, concept }) => ({ referenceNumber, concept }),
  },
];
