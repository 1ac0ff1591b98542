import { z } from 'zod';
import { MAX_AMOUNT_MINOR, parseCurrency, type Currency } from '../../kernel/money.js';
import { parseLocalDate, type LocalDate } from '../../kernel/local-date.js';
import { textAs } from '../../platform/http/text-as.js';
import { isReference } from '../domain/reference.js';
import { STATUSES } from '../get-transaction/transaction.resource.js';
import { plainText } from '../../platform/http/plain-text.js';

const bank = z.string().regex(/^\d{4}$/, 'must be the 4 digits of a bank');
const day = textAs<LocalDate>((input) => parseLocalDate(input), 'must be a day, YYYY-MM-DD');
const instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-03-10T14:00:00Z' })
  .transform((text) => new Date(text));
const amount = textAs<bigint>((input) => {
  const minor = /^\d{1,16}$/.test(input) ? BigInt(input) : null;
  return minor === null || minor > MAX_AMOUNT_MINOR ? null : minor;
}, 'must be a whole number of minor units');

/** What a list may be narrowed by; everything named must hold. */
export const transactionFilters = z.strictObject({
  merchant_id: z.guid('must be a UUID').optional(),
  status: z.enum(STATUSES).optional(),
  bank: bank.optional().meta({ description: 'The bank of the receiving account.' }),
  origin_bank: bank.optional(),
  kind: z.enum(['pago_movil', 'transfer', 'card_deposit']).optional(),
  type: z.enum(['payment', 'commission', 'other']).optional(),
  external_id: plainText(100).optional(),
  reference: z.string().refine(isReference, 'must have 4 to 20 digits').optional(),
  currency: textAs<Currency>(parseCurrency, 'must be a currency such as VES or USD').optional(),
  amount_min: amount.optional(),
  amount_max: amount.optional(),
  paid_on_from: day.optional(),
  paid_on_to: day.optional(),
  submitted_at_from: instant.optional(),
  submitted_at_to: instant.optional().meta({ description: 'Exclusive.' }),
});

export type TransactionFilters = z.output<typeof transactionFilters>;

const LARGEST_PAGE = 100;

/** A page of the list. */
export const listTransactionsQuery = transactionFilters.extend({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `must be 1 to ${LARGEST_PAGE}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= LARGEST_PAGE, `must be 1 to ${LARGEST_PAGE}`)
    .default(50),
  cursor: z.string().min(1).max(500).optional(),
});

export type ListTransactionsQuery = z.output<typeof listTransactionsQuery>;
