import { Query } from '@nestjs/cqrs';
import type { SubmittedTransaction } from '../domain/transaction.js';

/** The transaction as its stream tells it now: what rules see, for other contexts' workers. */
export type TransactionSoFar = SubmittedTransaction;

/** Reads one transaction from the log, whoever it belongs to; null when there is none. */
export class LoadTransaction extends Query<TransactionSoFar | null> {
  constructor(readonly transactionId: string) {
    super();
  }
}
