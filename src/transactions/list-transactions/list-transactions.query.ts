import { Query } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { TransactionResource } from '../get-transaction/transaction.resource.js';
import type { ListTransactionsQuery } from './list-transactions.request.js';

/** One page, newest first. */
export interface TransactionPage {
  readonly data: readonly TransactionResource[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** Lists the transactions that the caller may see. Refused when the cursor is not one of this list. */
export class ListTransactions extends Query<TransactionPage> {
  constructor(
    readonly page: ListTransactionsQuery & { readonly payerPhone?: string | null },
    readonly caller: CallerIdentity,
  ) {
    super();
  }
}
