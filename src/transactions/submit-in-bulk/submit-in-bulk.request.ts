import type { ApiBodyOptions } from '@nestjs/swagger';
import { z } from 'zod';
import { submitTransactionBody } from '../submit-transaction/submit-transaction.request.js';

/** How many claims one request may hold. */
export const MOST_CLAIMS = 500;
/** As many submissions of four kilobytes. */
export const BULK_BODY_LIMIT_BYTES = MOST_CLAIMS * 4 * 1024;

/** Only the frame: each claim is read by itself, so that a wrong one harms no other. */
export const submitInBulkBody = z
  .strictObject({
    transactions: z
      .array(z.unknown())
      .min(1, 'must hold at least one claim')
      .max(MOST_CLAIMS, `must hold at most ${MOST_CLAIMS} claims`),
  })
  .meta({ title: 'SubmitInBulk' });

export type SubmitInBulkBody = z.output<typeof submitInBulkBody>;

const { $schema: _, ...bodySchema } = z.toJSONSchema(
  z.strictObject({ transactions: z.array(submitTransactionBody).min(1).max(MOST_CLAIMS) }),
  { io: 'input', unrepresentable: 'any' },
);

/** The body for the API's documentation. */
export const submitInBulkSchema = bodySchema as Extract<
  ApiBodyOptions,
  { schema: unknown }
>['schema'];
