import { sha256Hex } from '../kernel/ids.js';
import type { LocalDate } from '../kernel/local-date.js';
import type { Currency } from '../kernel/money.js';

/** One row that a bank reports on a receiving account, in our words. */
export interface Movement {
  /** The bank that reports it, 4 digits. */
  readonly bank: string;
  /** The account as the bank reports it, digits only; null when it says none or masks it. */
  readonly account: string | null;
  readonly direction: 'credit' | 'debit';
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** The bank's date of the movement, Caracas. */
  readonly bankOn: LocalDate;
  /** `HH:MM:SS` at the bank; null when the bank knows only the day. */
  readonly bankTime: string | null;
  /** Digits as reported: whole, a tail, or with zeros stripped. */
  readonly reference: string;
  /** The payer's phone as masked by the bank; null when it says none. */
  readonly payerPhoneMask: string | null;
  readonly concept: string;
}

/**
 * What may be written down of the payer's phone: two digits at most, since events are for ever and readable. The
 * bank's own mask shows more, which serves to match while its answer is at hand.
 */
export function twoDigitMask(mask: string | null): string | null {
  const digits = mask?.replace(/\D/g, '').slice(-2) ?? '';
  return digits === '' ? null : digits.padStart(9, '*');
}

/** Names a row by its content, since the banks give rows no id: equal rows have equal keys. */
export const movementKey = (row: Movement): string =>
  sha256Hex(
    JSON.stringify([
      row.bank,
      row.account,
      row.direction,
      row.amountMinor.toString(),
      row.currency,
      row.bankOn,
      row.bankTime,
      row.reference,
      // No more than is written down: from a hash of more the other digits could be found by trying.
      twoDigitMask(row.payerPhoneMask),
    ]),
  ).slice(0, 32);

/** Where rows that may be one and the same movement meet (product.md, wall 2). */
export interface SlotScope {
  /** The credential's affiliate at the bank: letters and digits. */
  readonly affiliate: string;
  /** How many last digits of a reference the bank is sure to report. */
  readonly referenceDigits: number;
}

/** The slot of a movement: bank, affiliate, direction, bank date and the last digits, left-padded with zeros. */
export const slotOf = (row: Movement, scope: SlotScope): string => {
  const tail = row.reference.slice(-scope.referenceDigits).padStart(scope.referenceDigits, '0');
  return [row.bank, scope.affiliate, row.direction, row.bankOn.replaceAll('-', ''), tail].join('.');
};

/** How many digits of a reference a slot was made with: its own last part says it, whatever is configured today. */
export const referenceDigitsOf = (slot: string): number => slot.length - slot.lastIndexOf('.') - 1;
