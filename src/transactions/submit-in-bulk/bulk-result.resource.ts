import { z } from 'zod';
import { transactionResource } from '../get-transaction/transaction.resource.js';

const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    retryable: z.boolean(),
  })
  .meta({ description: 'As the claim alone would be answered; pointers lead into the claim.' });

/** What became of one claim, in the words and with the status that it would have had alone. */
export const bulkResult = z
  .object({
    index: z.int().meta({ description: 'Place of the claim in the request, from 0.' }),
    status: z.int().meta({
      description: '202 taken, 200 taken before, else the status of problem.',
      examples: [202],
    }),
    transaction: transactionResource.nullable(),
    problem: problem.nullable(),
  })
  .meta({ id: 'BulkResult' });

export const bulkResults = z
  .object({
    accepted: z.int(),
    replayed: z.int(),
    refused: z.int(),
    results: z.array(bulkResult),
  })
  .meta({ id: 'BulkResults' });

export type BulkResult = z.output<typeof bulkResult>;
export type BulkResults = z.output<typeof bulkResults>;
