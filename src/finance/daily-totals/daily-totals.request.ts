import { z } from 'zod';
import { parseCurrency, type Currency } from '../../kernel/money.js';
import { daysBetween, parseLocalDate, type LocalDate } from '../../kernel/local-date.js';
import { textAs } from '../../platform/http/text-as.js';
import { asOf } from '../as-of/as-of.request.js';

const day = textAs<LocalDate>((input) => parseLocalDate(input), 'must be a day, YYYY-MM-DD');

// A year and its leap day; longer reports are exports.
const LONGEST_DAYS = 366;

/** Which days, both ends included, and whose. */
export const dailyTotalsQuery = z
  .strictObject({
    from: day,
    to: day,
    currency: textAs<Currency>(parseCurrency, 'must be a currency such as VES or USD').optional(),
    merchant_id: z.guid('must be a UUID').optional(),
    as_of: asOf,
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before from' })
  .refine(({ from, to }) => daysBetween(from, to) < LONGEST_DAYS, {
    path: ['to'],
    message: `must be at most ${LONGEST_DAYS} days from from, both included`,
  });

export type DailyTotalsQuery = z.output<typeof dailyTotalsQuery>;
