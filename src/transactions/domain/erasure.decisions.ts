import { accept, reject } from '../../kernel/rejection.js';
import { personalDataErased } from '../events/personal-data-erased.event.js';
import type { SubmittedTransaction, Transaction } from './transaction.js';
import {
  isAfter,
  whileAsking,
  whileBinding,
  type Refusal,
  type TransactionDecision,
} from './transaction.guards.js';

export interface Erase {
  readonly erasedBy: string;
  readonly reason: string;
}

/** The bank may still have to be asked with what would be erased. */
const whileOpen = ({ status, claim }: SubmittedTransaction, now: Date): Refusal | null => {
  const matched = status === 'expired' && !isAfter(now.toISOString(), claim.matchUntil);
  return matched || status === 'pending' || status === 'needs_review'
    ? reject('claim_still_open', { transaction_status: status })
    : null;
};

/** Erases what the payer told of himself; a second time changes nothing. Open claims are ended first. */
export function erase(state: Transaction, command: Erase, now: Date): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  const refusal = whileBinding(state) ?? whileAsking(state) ?? whileOpen(state, now);
  if (refusal !== null) return refusal;
  const { payerKeyIds: keyIds } = state;
  if (keyIds.length === 0) return accept();
  return accept(personalDataErased({ ...command, keyIds, erasedAt: now.toISOString() }));
}
