import { Query } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { TransactionDetail } from './transaction-detail.resource.js';

/** Reads one transaction from the log, so that it is never stale; refused as not found when it is somebody else's. */
export class GetTransaction extends Query<TransactionDetail> {
  constructor(
    readonly transactionId: string,
    readonly caller: CallerIdentity,
  ) {
    super();
  }
}
