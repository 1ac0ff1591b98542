import { z } from 'zod';
import { MAX_AMOUNT_MINOR } from '../kernel/money.js';
import { isCardOfScheme } from '../platform/http/card-number.js';
import { emailAddress } from '../platform/http/email-address.js';
import { plainText } from '../platform/http/plain-text.js';
import { daysOf } from './merchant.store.js';
import type { MerchantRow, ReceivingAccountRow } from './merchant.table.js';

const minor = z.int().min(0).max(Number(MAX_AMOUNT_MINOR));
const tolerance = z.strictObject({ under: minor, over: minor }).meta({
  description: 'How far below and above the claimed amount a credit may lie, in minor units.',
});
const matchDays = z
  .int()
  .min(1)
  .max(365)
  .meta({ description: 'How many days an expired claim is still matched.' });

const contactEmail = emailAddress.nullable().meta({
  description:
    'Who is told by mail of claims that were rejected or need somebody, and of disabled webhooks; null: nobody.',
});

export const merchantIdParam = z.guid('must be a UUID');

export const registerMerchantBody = z
  .strictObject({
    name: plainText(200),
    tolerance: tolerance.default({ under: 0, over: 0 }),
    match_days: matchDays.default(30),
    contact_email: contactEmail.default(null),
  })
  .meta({ id: 'RegisterMerchant' });

export type RegisterMerchantBody = z.output<typeof registerMerchantBody>;

/** What shall change; what is left out stays. */
export const changeMerchantBody = z
  .strictObject({
    name: plainText(200).optional(),
    tolerance: tolerance.optional(),
    match_days: matchDays.optional(),
    contact_email: contactEmail.optional(),
    suspended: z.boolean().optional(),
  })
  .meta({ id: 'ChangeMerchant' });

export type ChangeMerchantBody = z.output<typeof changeMerchantBody>;

export const merchantResource = z
  .object({
    id: z.guid(),
    name: z.string(),
    suspended: z.boolean(),
    tolerance,
    match_days: matchDays,
    contact_email: z.string().nullable(),
    version: z.int().describe('The ETag; If-Match names it when the merchant is changed.'),
    registered_by: z.string(),
    registered_at: z.iso.datetime(),
  })
  .meta({ id: 'Merchant' });

export type MerchantResource = z.output<typeof merchantResource>;

export const merchantPage = z
  .object({
    data: z.array(merchantResource),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'MerchantPage' });

export const addAccountBody = z
  .strictObject({
    bank: z.string().regex(/^\d{4}$/, 'must be the 4 digits of a bank'),
    account_number: z
      .string()
      .max(40)
      .regex(/^[\d\s-]*$/, 'must be 20 digits')
      .refine((text) => !isCardOfScheme(text.replace(/\D/g, '')), 'must not be a card number')
      .describe('20 digits; blanks and dashes are ignored.'),
    credential_id: plainText(100).describe('The credential that may ask the bank about it.'),
    receives_pago_movil: z
      .boolean()
      .optional()
      .describe(
        'Of the accounts of one credential one receives Pago Móvil; left out, it does when no other does.',
      ),
  })
  .meta({ id: 'AddReceivingAccount' });

export type AddAccountBody = z.output<typeof addAccountBody>;

const caracasDay = z.iso.date('must be a day such as 2026-07-20');

/** What shall change; what is left out stays. */
export const changeAccountBody = z
  .strictObject({
    credential_id: plainText(100)
      .optional()
      .describe('Another credential of the same affiliate; claims that are open end under theirs.'),
    receives_pago_movil: z
      .boolean()
      .optional()
      .describe('Of the accounts of one affiliate one receives Pago Móvil, each day.'),
    takes_pago_movil_from: z
      .guid('must be a UUID')
      .optional()
      .describe('The account that receives it now, as you saw it; left out where none does.'),
    pago_movil_on: caracasDay
      .optional()
      .describe('The first day, in Caracas, whose payments go elsewhere; left out: today.'),
    reason: plainText(500).describe('Why; the audit keeps it.'),
  })
  .meta({ id: 'ChangeReceivingAccount' });

export type ChangeAccountBody = z.output<typeof changeAccountBody>;

export const accountIdParam = z.guid('must be a UUID');

export const accountResource = z
  .object({
    id: z.guid(),
    merchant_id: z.guid(),
    bank: z.string(),
    account_number: z.string(),
    credential_id: z.string(),
    receives_pago_movil: z
      .boolean()
      .describe('Whether it receives Pago Móvil until further notice.'),
    pago_movil_days: z
      .array(
        z.object({ from: z.string().nullable(), until: z.string().nullable() }).meta({
          description:
            'from: null for ever. until: the first day on which it does not; null: open.',
        }),
      )
      .describe('Payments of which days prove a claim of that kind on it.'),
    version: z.int().describe('The ETag; If-Match names it when the account is changed.'),
    added_by: z.string(),
    added_at: z.iso.datetime(),
  })
  .meta({ id: 'ReceivingAccount' });

export type AccountResource = z.output<typeof accountResource>;

export const addedAccountResource = accountResource
  .extend({
    warnings: z
      .array(z.enum(['check_digits_differ']))
      .describe('Probably a typing mistake; the account is taken nevertheless.'),
  })
  .meta({ id: 'AddedReceivingAccount' });

export const accountList = z
  .object({ data: z.array(accountResource) })
  .meta({ id: 'ReceivingAccountList' });

export const resourceOfMerchant = (row: MerchantRow): MerchantResource => ({
  id: row.merchant_id,
  name: row.name,
  suspended: row.suspended,
  tolerance: {
    under: Number(row.tolerance_under_minor),
    over: Number(row.tolerance_over_minor),
  },
  match_days: row.match_days,
  contact_email: row.contact_email,
  version: row.version,
  registered_by: row.registered_by,
  registered_at: row.registered_at.toISOString(),
});

export const resourceOfAccount = (row: ReceivingAccountRow): AccountResource => ({
  id: row.receiving_account_id,
  merchant_id: row.merchant_id,
  bank: row.bank,
  account_number: row.account_number,
  credential_id: row.credential_id,
  receives_pago_movil: row.receives_pago_movil,
  pago_movil_days: [...daysOf(row)],
  version: row.version,
  added_by: row.added_by,
  added_at: row.added_at.toISOString(),
});
