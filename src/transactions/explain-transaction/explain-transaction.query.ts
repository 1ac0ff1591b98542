import { Query } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { Explanation } from './explanation.resource.js';

/** The explanation, for those who answer the query. */
export type TransactionExplained = Explanation;

/**
 * Explains a transaction from the log and the schedule; refused as not found when it is somebody else's. The
 * verification context answers it, since only that one knows when a bank is asked.
 */
export class ExplainTransaction extends Query<TransactionExplained> {
  constructor(
    readonly transactionId: string,
    readonly caller: CallerIdentity,
  ) {
    super();
  }
}
