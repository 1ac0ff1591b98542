import { defineEvent, type Event } from '../../kernel/event.js';

/** The bank took the money back; the movement stays bound. */
export interface TransactionReversed {
  readonly reversedBy: string;
  readonly reason: string;
  readonly reversedAt: string;
}

export const transactionReversed = defineEvent<TransactionReversed>()('TransactionReversed.v1');
export type TransactionReversedEvent = Event<'TransactionReversed.v1', TransactionReversed>;
