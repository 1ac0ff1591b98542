import type { BankOutcome } from '../../../matching/bank-answer.js';

/** What an answer means; `rows` asks the reader to look into its data, `other_amount` into its wording. */
export type CodeMeaning =
  'rows' | 'other_amount' | Exclude<BankOutcome, 'found' | 'outcome_unknown' | 'range_too_large'>;

/** The two codes there are: it worked, and everything else. */
const DONE = '1000';
const NOT_DONE = '1010';

/**
 * Under 1010 only the wording tells a payment that is not there from a wrong key (manual of 17/11/2025, version 6).
 * A wording that is not listed here is `unavailable`: never "not visible yet".
 */
const WORDINGS: readonly (readonly [RegExp, CodeMeaning])[] = [
  [/ya fue conciliado/i, 'already_reconciled'],
  [/registro solicitado no existe/i, 'not_visible_yet'],
  [/cliente no afiliado/i, 'credentials_refused'],
  // The payment is there with another amount, which the bank names.
  [/^monto\s*:.*transacci[oó]n realizada/i, 'other_amount'],
];

/** Null for a code or a wording that nobody has explained to us yet. */
export function meaningOf(code: string, wording: string): CodeMeaning | null {
  if (code === DONE) return 'rows';
  if (code !== NOT_DONE) return null;
  return WORDINGS.find(([pattern]) => pattern.test(wording.trim()))?.[1] ?? null;
}
