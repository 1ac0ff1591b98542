import { defineEvent, type Event } from '../../kernel/event.js';
import type { SealedPayer } from './transaction-submitted.event.js';

/** The merchant amended a claim that no movement was bound to; it is asked about anew in these words. */
export interface TransactionCorrected {
  readonly reference: string;
  readonly originBank: string;
  readonly paidOn: string;
  readonly amountMinor: number;
  /** Whole, sealed under a key of its own; the box of the submission stays until both keys are erased. */
  readonly payer: SealedPayer;
  /** The id that the new natural key would give, reserved for this claim; null when the key did not change. */
  readonly reservedKey: string | null;
  /** The deadlines count anew: the bank was asked about something else before. */
  readonly visibleBy: string;
  readonly matchUntil: string;
  readonly correctedBy: string;
  readonly reason: string | null;
  readonly correctedAt: string;
}

export const transactionCorrected = defineEvent<TransactionCorrected>()('TransactionCorrected.v1');
export type TransactionCorrectedEvent = Event<'TransactionCorrected.v1', TransactionCorrected>;
