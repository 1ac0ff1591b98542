import { z } from 'zod';
import { submitTransactionSchema } from '../submit-transaction/submit-transaction.request.js';

/** How many claims one request may hold. */
export const MOST_CLAIMS = 500;
/** As many submissions of four kilobytes. */
export const BULK_BODY_LIMIT_BYTES = MOST_CLAIMS * 4 * 1024;

/** Only the frame: each claim is read by itself, so that a wrong one harms no other. */
export const submitInBulkBody = z
  .strictObject({
    transactions: z
      .array(z.unknown().meta({ ...submitTransactionSchema }))
      .min(1, 'must hold at least one claim')
      .max(MOST_CLAIMS, `must hold at most ${MOST_CLAIMS} claims`),
  })
  .meta({ title: 'SubmitInBulk' });

export type SubmitInBulkBody = z.output<typeof submitInBulkBody>;
