import { defineEvent, type Event } from '../../kernel/event.js';

/** Refused by a person, or by a rule that no answer can change. */
export interface TransactionRejected {
  readonly reason: 'claim_invalid' | 'duplicate_of' | 'refused_in_review';
  /** The transaction this one repeats, when that is the reason. */
  readonly duplicateOf: string | null;
  readonly rejectedBy: string;
  readonly note: string | null;
  readonly rejectedAt: string;
}

export const transactionRejected = defineEvent<TransactionRejected>()('TransactionRejected.v1');
export type TransactionRejectedEvent = Event<'TransactionRejected.v1', TransactionRejected>;
