import { defineEvent, type Event } from '../../kernel/event.js';
import type { BankOutcome } from '../../matching/bank-answer.js';

/** An ask came to its end: the bank answered, failed, or nobody knows. */
export interface AskAnswered {
  readonly askId: string;
  readonly outcome: BankOutcome;
  readonly bankCode: string | null;
  readonly httpStatus: number | null;
  readonly durationMs: number;
  /** SHA-256 of the raw answer; the answer itself is kept elsewhere, encrypted, for a time. */
  readonly answerHash: string | null;
  readonly permitIds: readonly string[];
  /** How many rows it held. */
  readonly movements: number;
  /** The bank's own wish for the next call, when it named one. */
  readonly retryAfterMs: number | null;
  readonly answeredAt: string;
}

export const askAnswered = defineEvent<AskAnswered>()('AskAnswered.v1');
export type AskAnsweredEvent = Event<'AskAnswered.v1', AskAnswered>;
