import type { CallerIdentity } from '../../access/caller.decorator.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { SubmittedTransaction, Transaction } from '../domain/transaction.js';

/** A merchant's key sees its merchant's transactions of its own mode; staff sees all. */
export const isOwn = (
  { claim }: SubmittedTransaction,
  caller: Pick<CallerIdentity, 'merchantId' | 'mode'>,
): boolean =>
  caller.merchantId === null ||
  (caller.merchantId === claim.merchantId && caller.mode === claim.mode);

/** @throws RuleViolation the same for what does not exist and for what belongs to somebody else */
export function ownOrNotFound(
  transaction: Transaction,
  caller: Pick<CallerIdentity, 'merchantId' | 'mode'>,
): SubmittedTransaction {
  if (transaction.status === 'none' || !isOwn(transaction, caller)) {
    throw new RuleViolation(reject('transaction_not_found'));
  }
  return transaction;
}
