import type { Movement } from './movement.js';

/** What one ask came to. The list is closed: an unknown code of a bank is `unavailable`, never `not_visible_yet`. */
export type BankAnswer =
  /** The bank reported rows, at least one; whether one fits is not its business. */
  | {
      readonly outcome: 'found';
      readonly movements: readonly Movement[];
      /** Rows beside those whose reference the bank hides: they prove nothing, and leave the others in doubt. */
      readonly hidden?: number;
    }
  /** The bank answered conclusively that it shows nothing yet: not yet, never no. */
  | { readonly outcome: 'not_visible_yet' }
  /** The bank refuses the question itself; asking the same again is useless. */
  | { readonly outcome: 'invalid_query' }
  /** A person must act; the gateway stays closed. */
  | { readonly outcome: 'credentials_refused' }
  | { readonly outcome: 'rate_limited'; readonly retryAfterMs: number | null }
  | { readonly outcome: 'maintenance'; readonly retryAfterMs: number | null }
  /** The bank failed or could not be reached; nothing is known. */
  | { readonly outcome: 'unavailable' }
  /** The request left and no whole answer came; nothing is known. */
  | { readonly outcome: 'outcome_unknown' }
  | { readonly outcome: 'range_too_large' }
  | { readonly outcome: 'already_reconciled' };

export type BankOutcome = BankAnswer['outcome'];

/** What is kept of an ask beside its answer. */
export interface AskEvidence {
  /** The bank's own code, such as `70001`; null when none came. */
  readonly bankCode: string | null;
  readonly httpStatus: number | null;
  readonly durationMs: number;
  /** SHA-256 of the raw answer; null when none came. */
  readonly answerHash: string | null;
  /** Every permit the ask used: the first try and each repeat. */
  readonly permitIds: readonly string[];
}

export interface AskResult {
  readonly answer: BankAnswer;
  readonly evidence: AskEvidence;
}
