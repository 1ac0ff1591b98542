import { defineEvent, type Event } from '../../kernel/event.js';

/** The merchant withdrew the claim. */
export interface TransactionCancelled {
  readonly cancelledBy: string;
  readonly reason: string | null;
  readonly cancelledAt: string;
}

export const transactionCancelled = defineEvent<TransactionCancelled>()('TransactionCancelled.v1');
export type TransactionCancelledEvent = Event<'TransactionCancelled.v1', TransactionCancelled>;
