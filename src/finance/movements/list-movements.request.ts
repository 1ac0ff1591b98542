import { z } from 'zod';
import { parseLocalDate, type LocalDate } from '../../kernel/local-date.js';
import { MAX_AMOUNT_MINOR, parseCurrency, type Currency } from '../../kernel/money.js';
import { textAs } from '../../platform/http/text-as.js';

export const MOVEMENT_STATES = ['claimed', 'unclaimed', 'commission', 'debit'] as const;

const day = textAs<LocalDate>((input) => parseLocalDate(input), 'must be a day, YYYY-MM-DD');
const amount = textAs<bigint>((input) => {
  const minor = /^\d{1,16}$/.test(input) ? BigInt(input) : null;
  return minor === null || minor > MAX_AMOUNT_MINOR ? null : minor;
}, 'must be a whole number of minor units');

const LARGEST_PAGE = 100;
// A year and its leap day.
const MOST_HOURS = 8_784;
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, `must be ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be ${least} to ${most}`);

/** What the list may be narrowed by; everything named must hold. */
export const listMovementsQuery = z.strictObject({
  merchant_id: z.guid('must be a UUID').optional(),
  receiving_account_id: z.guid('must be a UUID').optional().meta({
    description: 'Leaves out movements whose account the bank did not say.',
  }),
  bank: z
    .string()
    .regex(/^\d{4}$/, 'must be the 4 digits of a bank')
    .optional(),
  state: z.enum(MOVEMENT_STATES).optional(),
  currency: textAs<Currency>(parseCurrency, 'must be a currency such as VES or USD').optional(),
  amount_min: amount.optional(),
  amount_max: amount.optional(),
  bank_on_from: day.optional(),
  bank_on_to: day.optional(),
  min_age_hours: whole(0, MOST_HOURS)
    .optional()
    .meta({ description: 'Only what was first seen so many hours ago or earlier.' }),
  limit: whole(1, LARGEST_PAGE).default(50),
  cursor: z.string().min(1).max(500).optional(),
});

export type ListMovementsQuery = z.output<typeof listMovementsQuery>;
