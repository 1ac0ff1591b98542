import { z } from 'zod';
import { daysBetween, parseLocalDate, type LocalDate } from '../../kernel/local-date.js';
import { textAs } from '../../platform/http/text-as.js';

const day = textAs<LocalDate>((input) => parseLocalDate(input), 'must be a day, YYYY-MM-DD');
// A year and its leap day.
const LONGEST_DAYS = 366;

/** Which days of which account, both ends included. */
export const coverageQuery = z
  .strictObject({
    receiving_account_id: z.guid('must be a UUID'),
    from: day,
    to: day,
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before from' })
  .refine(({ from, to }) => daysBetween(from, to) < LONGEST_DAYS, {
    path: ['to'],
    message: `must be at most ${LONGEST_DAYS} days from from, both included`,
  });

export type CoverageQuery = z.output<typeof coverageQuery>;
