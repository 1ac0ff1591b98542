import { z } from 'zod';
import { parseCurrency, type Currency } from '../../kernel/money.js';
import { daysBetween, parseLocalDate, type LocalDate } from '../../kernel/local-date.js';
import { asOf } from '../as-of/as-of.request.js';
import { textAs } from '../../platform/http/text-as.js';

const day = textAs<LocalDate>((input) => parseLocalDate(input), 'must be a day, YYYY-MM-DD');

// Three years and their leap day.
const LONGEST_DAYS = 1_096;

const filters = {
  merchant_id: z.guid('must be a UUID').optional(),
  receiving_account_id: z.guid('must be a UUID').optional(),
  status: z
    .enum(['pending', 'verified', 'needs_review', 'rejected', 'expired', 'cancelled', 'reversed'])
    .optional(),
  kind: z.enum(['pago_movil', 'transfer', 'card_deposit']).optional(),
  type: z.enum(['payment', 'commission', 'other']).optional(),
  currency: textAs<Currency>(parseCurrency, 'must be a currency such as VES or USD').optional(),
};

/** Which days at the bank, both ends included, and what of them; everything named must hold. */
export const exportTransactionsQuery = z
  .strictObject({
    from: day,
    to: day,
    ...filters,
    as_of: asOf,
    format: z
      .enum(['csv', 'jsonl'])
      .optional()
      .meta({ description: 'Wins over Accept; left out: CSV, or what Accept names.' }),
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before from' })
  .refine(({ from, to }) => daysBetween(from, to) < LONGEST_DAYS, {
    path: ['to'],
    message: `must be at most ${LONGEST_DAYS} days from from, both included`,
  });

export type ExportTransactionsQuery = z.output<typeof exportTransactionsQuery>;
export type ExportFilters = Partial<Pick<ExportTransactionsQuery, keyof typeof filters>>;

export const EXPORT_FILTERS = Object.keys(filters) as readonly (keyof ExportFilters)[];
