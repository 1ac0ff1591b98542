import type { BankOutcome } from '../../../matching/bank-answer.js';

/** What a code of the bank means; `rows` asks the reader to look into the answer. */
export type CodeMeaning =
  'rows' | Exclude<BankOutcome, 'found' | 'outcome_unknown' | 'already_reconciled'>;

/** The codes of `httpStatus.statusCode`; whatever HTTP status they come on. Anything else is `unavailable`. */
const MEANINGS: Readonly<Record<string, CodeMeaning>> = {
  '200': 'rows',
  // On HTTP 200 in QA, on HTTP 400 in production.
  '70001': 'not_visible_yet',
  '70005': 'range_too_large',
  // A field is missing, or has a bad format: our bug or a bad claim.
  VDE01: 'invalid_query',
  VDE02: 'invalid_query',
  VRN01: 'credentials_refused',
  // Seen from 02:00 to 06:00 in Caracas.
  VRN04: 'maintenance',
  CRT503: 'maintenance',
  VRN05: 'rate_limited',
  // A dependency of the bank failed.
  VRN06: 'unavailable',
  '204': 'unavailable',
  '409': 'unavailable',
  '422': 'unavailable',
  '500': 'unavailable',
  '503': 'unavailable',
  '504': 'unavailable',
};

/** Null for a code that nobody has explained to us yet. */
export const meaningOf = (code: string): CodeMeaning | null =>
  Object.hasOwn(MEANINGS, code) ? (MEANINGS[code] ?? null) : null;
