import { z } from 'zod';
import type { PayerData } from '../../platform/personal-data/personal-data.js';
import type { SubmittedTransaction } from '../domain/transaction.js';
import { resourceOf, transactionResource } from './transaction.resource.js';

/** One transaction on its own: also what the merchant wrote beside the claim, until it is erased. */
export const transactionDetail = transactionResource
  .extend({
    concept: z.string().nullable(),
    metadata: z.record(z.string(), z.string()).nullable(),
  })
  .meta({ id: 'TransactionDetail' });

export type TransactionDetail = z.output<typeof transactionDetail>;

export const detailOf = (
  transaction: SubmittedTransaction,
  opened: PayerData | null,
): TransactionDetail => ({
  ...resourceOf(transaction),
  concept: opened?.concept ?? null,
  metadata: opened?.metadata ?? null,
});
