import { z } from 'zod';

// A sum may exceed what a JSON integer holds exactly; it is then written as decimal text, never rounded.
const sum = z.union([z.int(), z.string().regex(/^-?\d+$/)]);

/** Raised when the figures of one position come out otherwise; the old way of making them then stays. */
const REPORT_VERSION = 1;

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
    report_version: z.literal(REPORT_VERSION).meta({
      description:
        'The same for the same position and version: an answer that is to the byte the same.',
    }),
    position: z.string().nullable().meta({
      description:
        'The position of the log that these figures stand for; sent as as_of it gives the same answer for ever. Null while events are held in quarantine.',
    }),
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

export type DailyTotal = z.output<typeof total>;
export type DailyTotals = z.output<typeof dailyTotals>;

/** An exact sum as JSON can carry it. */
export const jsonSum = (decimal: string): number | string => {
  const value = BigInt(decimal);
  const exact =
    value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
  return exact ? Number(value) : value.toString();
};

/** The answer: a function of the days asked for, of what is in it and of the position alone. */
export const dailyTotalsOf = (
  { from, to }: { readonly from: string; readonly to: string },
  position: string | null,
  data: readonly DailyTotal[],
): DailyTotals => ({
  from,
  to,
  report_version: REPORT_VERSION,
  position,
  time_zone: 'America/Caracas',
  day_is: 'bank_on_else_paid_on',
  // The figures rest on claims and on the movements bound to them; what listings covered is told by account and day.
  coverage: 'none',
  data: [...data],
});
