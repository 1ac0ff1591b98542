import { accept, reject } from '../../kernel/rejection.js';
import {
  transactionSubmitted,
  type TransactionSubmitted,
} from '../events/transaction-submitted.event.js';
import type { Transaction } from './transaction.js';
import type { TransactionDecision } from './transaction.guards.js';

/** Who paid, as the claim says; null where nothing was said. */
export interface PayerIdentity {
  readonly phone: string | null;
  readonly document: string | null;
  readonly name: string | null;
}

export interface Submit {
  readonly claim: TransactionSubmitted;
  readonly payer: PayerIdentity;
  /** The payer of the claim that is recorded already; null when that was erased, or when nothing is recorded. */
  readonly recordedPayer: PayerIdentity | null;
}

// The natural key is equal already, or it would be another stream; occurrence belongs to the key.
const CONTENT = ['amountMinor', 'currency', 'type', 'externalId'] as const;

const samePayer = (given: PayerIdentity, recorded: PayerIdentity | null): boolean =>
  recorded === null ||
  (given.phone === recorded.phone &&
    given.document === recorded.document &&
    given.name === recorded.name);

/**
 * Takes a claim once. The same content again is the same transaction; other content under the same key is refused,
 * and a predecessor that was given up makes room for the next occurrence (product.md, wall 1).
 */
export function submit(state: Transaction, { claim, ...payers }: Submit): TransactionDecision {
  if (state.status === 'none') {
    // Never written into a stream that another claim was corrected to.
    return state.reservation === undefined
      ? accept(transactionSubmitted(claim))
      : reject('key_reserved', { transaction_id: state.reservation.transactionId });
  }
  const existing = { transaction_id: state.claim.transactionId };
  if (state.status === 'cancelled' || state.status === 'rejected') {
    return reject('predecessor_closed', existing);
  }
  const recorded = state.claim;
  const same =
    CONTENT.every((field) => recorded[field] === claim[field]) &&
    samePayer(payers.payer, payers.recordedPayer);
  return same ? accept() : reject('duplicate_reference', existing);
}
