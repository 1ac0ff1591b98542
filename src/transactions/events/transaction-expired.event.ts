import { defineEvent, type Event } from '../../kernel/event.js';

/** The bank said conclusively, after the visibility deadline, that it shows nothing. */
export interface TransactionExpired {
  /** The conclusive ask, or the sweep that covered the claim. */
  readonly askId: string;
  readonly matchUntil: string;
  readonly expiredAt: string;
}

export const transactionExpired = defineEvent<TransactionExpired>()('TransactionExpired.v1');
export type TransactionExpiredEvent = Event<'TransactionExpired.v1', TransactionExpired>;
