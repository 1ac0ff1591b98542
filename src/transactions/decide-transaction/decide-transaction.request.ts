import { z } from 'zod';
import { plainText } from '../../platform/http/plain-text.js';

const reason = plainText(500).meta({ description: 'Why; kept for ever beside the decision.' });

/** What a reviewer makes of a transaction in review. */
export const reviewTransactionBody = z
  .discriminatedUnion('decision', [
    z.strictObject({
      decision: z.literal('verify'),
      movement_key: z
        .string()
        .regex(/^[0-9a-f]{32}$/, 'must be the key of a candidate')
        .meta({ description: 'The candidate that pays the claim, as the transaction lists it.' }),
      reason,
    }),
    z.strictObject({ decision: z.literal('reject'), reason }),
    z.strictObject({ decision: z.literal('ask_again'), reason }),
  ])
  .meta({ title: 'ReviewTransaction' });

/** What such bodies look like; each is checked against the schema. */
export const reviewExamples = {
  verify: {
    decision: 'verify',
    movement_key: '0123456789abcdef0123456789abcdef',
    reason: 'the customer paid the fee himself; agreed by phone',
  },
  reject: { decision: 'reject', reason: 'the receipt is forged' },
  ask_again: { decision: 'ask_again', reason: 'the bank had an outage that day' },
};
export const reasonExample = { decision: { reason: 'bound to the wrong customer' } };

export type ReviewTransactionBody = z.output<typeof reviewTransactionBody>;

/** A decision that needs nothing but its reason. */
export const reasonedBody = z.strictObject({ reason }).meta({ title: 'ReasonedDecision' });

export type ReasonedBody = z.output<typeof reasonedBody>;
