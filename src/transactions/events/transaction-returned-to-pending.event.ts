import { defineEvent, type Event } from '../../kernel/event.js';

/** A reviewer sent the claim back to be asked again. */
export interface TransactionReturnedToPending {
  readonly returnedBy: string;
  readonly reason: string;
  readonly returnedAt: string;
}

export const transactionReturnedToPending = defineEvent<TransactionReturnedToPending>()(
  'TransactionReturnedToPending.v1',
);
export type TransactionReturnedToPendingEvent = Event<
  'TransactionReturnedToPending.v1',
  TransactionReturnedToPending
>;
