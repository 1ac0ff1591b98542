import { z } from 'zod';
import { parseLocalDate, type LocalDate } from '../../kernel/local-date.js';
import { textAs } from '../../platform/http/text-as.js';

const day = textAs<LocalDate>((input) => parseLocalDate(input), 'must be a day, YYYY-MM-DD');

const LARGEST_PAGE = 100;

/** What the list may be narrowed by; everything named must hold. */
export const listDayClosesQuery = z.strictObject({
  merchant_id: z.guid('must be a UUID').optional(),
  receiving_account_id: z.guid('must be a UUID').optional(),
  day_from: day.optional(),
  day_to: day.optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `must be 1 to ${LARGEST_PAGE}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= LARGEST_PAGE, `must be 1 to ${LARGEST_PAGE}`)
    .default(50),
  cursor: z.string().min(1).max(500).optional(),
});

export type ListDayClosesQuery = z.output<typeof listDayClosesQuery>;
