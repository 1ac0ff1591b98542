import { Query } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { TransactionHistory } from './transaction-history.js';

/** Reads what happened to one transaction of the caller's own, oldest first. */
export class GetTransactionEvents extends Query<TransactionHistory> {
  constructor(
    readonly transactionId: string,
    readonly caller: CallerIdentity,
  ) {
    super();
  }
}
