import { z } from 'zod';

// A sum may exceed what a JSON integer holds exactly; it is then written as decimal text, never rounded.
const sum = z.union([z.int(), z.string().regex(/^-?\d+$/)]);

const total = z.object({
  day: z.string(),
  currency: z.string(),
  status: z.string(),
  transactions: z.int(),
  claimed_amount: sum,
  bank_amount: sum.nullable().meta({
    description: 'Null unless the bank has shown a movement for every transaction of the row.',
  }),
});

/** Totals per day, currency and status; currencies are never added up. */
export const dailyTotals = z
  .object({
    from: z.string(),
    to: z.string(),
    time_zone: z.literal('America/Caracas'),
    day_is: z.literal('bank_on_else_paid_on').meta({
      description:
        "A transaction counts on the bank's day once a movement is bound to it, and on the claimed day until then.",
    }),
    coverage: z.enum(['complete', 'partial', 'none']).meta({
      description:
        "How far the bank's own list of movements stands behind these figures: none says that they rest on claims and on the movements bound to them.",
    }),
    data: z.array(total),
  })
  .meta({ id: 'DailyTotals' });

export type DailyTotals = z.output<typeof dailyTotals>;

/** An exact sum as JSON can carry it. */
export const jsonSum = (decimal: string): number | string => {
  const value = BigInt(decimal);
  const exact =
    value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
  return exact ? Number(value) : value.toString();
};
