import { defineEvent, type Event } from '../../kernel/event.js';
import type { BankOutcome } from '../../matching/bank-answer.js';

/** A listing came to its end. Its rows are observed in their slots, and touch a transaction only where they match. */
export interface SweepAnswered {
  readonly sweepId: string;
  readonly receivingAccountId: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: BankOutcome;
  readonly bankCode: string | null;
  readonly httpStatus: number | null;
  readonly durationMs: number;
  /** SHA-256 of the raw answer. */
  readonly answerHash: string | null;
  readonly permitIds: readonly string[];
  /** How many rows it held. */
  readonly movements: number;
  readonly retryAfterMs: number | null;
  readonly answeredAt: string;
}

export const sweepAnswered = defineEvent<SweepAnswered>()('SweepAnswered.v1');
export type SweepAnsweredEvent = Event<'SweepAnswered.v1', SweepAnswered>;
