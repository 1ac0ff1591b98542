import { defineEvent, type Event } from '../../kernel/event.js';

/** The money is at the bank and bound to this transaction (step 3 of 3). */
export interface TransactionVerified {
  readonly proposalId: string;
  readonly slot: string;
  readonly movementKey: string;
  /** When the money came, by the bank. */
  readonly bankOn: string;
  readonly bankAmountMinor: number;
  readonly currency: string;
  /** Bank amount less claimed amount. */
  readonly amountDifferenceMinor: number;
  readonly toleranceUnderMinor: number;
  readonly toleranceOverMinor: number;
  /** The verdict came after expiry. */
  readonly late: boolean;
  readonly decidedBy: string;
  readonly reason: string | null;
  readonly verifiedAt: string;
}

export const transactionVerified = defineEvent<TransactionVerified>()('TransactionVerified.v1');
export type TransactionVerifiedEvent = Event<'TransactionVerified.v1', TransactionVerified>;
