import type { ApiBodyOptions } from '@nestjs/swagger';
import { z } from 'zod';
import { MAX_AMOUNT_MINOR, parseCurrency, type Currency } from '../../kernel/money.js';
import { parseLocalDate, type LocalDate } from '../../kernel/local-date.js';
import { holdsCardNumber, isCardOfScheme } from '../../platform/http/card-number.js';
import { ProblemError, type FieldError } from '../../platform/http/problem.js';
import { textAs } from '../../platform/http/text-as.js';
import { fieldErrors } from '../../platform/http/validation.pipe.js';
import { isReference } from '../domain/reference.js';
import type { Submission } from './submit-transaction.command.js';
import { parseDocument, parsePhone } from './payer-identity.js';
import { plainText } from '../../platform/http/plain-text.js';

const currency = textAs<Currency>(parseCurrency, 'must be a currency such as VES or USD');
export const localDate = textAs<LocalDate>(
  (input) => parseLocalDate(input),
  'must be a date of the calendar, YYYY-MM-DD',
);

export const payer = z
  .strictObject({
    phone: textAs(parsePhone, 'must be a Venezuelan mobile number such as 0412-1234567').nullish(),
    document: textAs(parseDocument, 'must be a letter and digits such as V12345678').nullish(),
    name: plainText(100).nullish(),
  })
  .meta({ description: 'Who paid, as far as the merchant knows; kept encrypted, shown masked.' });

export const originBank = z.string().regex(/^\d{4}$/, 'must be the 4 digits of a bank');
export const reference = z
  .string()
  .refine(isReference, 'must have 4 to 20 digits')
  // Banks compare the last digits alone, so the rare reference that looks like a card is told by those.
  .refine(
    (digits) => !isCardOfScheme(digits),
    'looks like the number of a card; send its last 12 digits',
  );
export const amount = z
  .int('must be a whole number of minor units')
  .min(1, 'must be at least 1')
  .max(Number(MAX_AMOUNT_MINOR), 'must be at most 9007199254740991')
  .meta({ description: 'In minor units: 12000 is 120.00 VES.' });

const metadata = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,40}$/, 'names have 1 to 40 letters or digits')
      .refine((name) => !holdsCardNumber(name), 'names must not hold a card number'),
    plainText(200),
  )
  .refine((entries) => Object.keys(entries).length <= 20, 'must have at most 20 entries')
  .meta({ description: "The merchant's own notes: at most 20 texts of 200 characters." });

/** A claim as a merchant's backend submits it. */
export const submitTransactionBody = z
  .strictObject({
    external_id: plainText(100).meta({
      description: "The merchant's own order id; need not be unique.",
    }),
    kind: z.enum(['pago_movil', 'transfer', 'card_deposit']),
    type: z.enum(['payment', 'commission', 'other']).default('payment'),
    receiving_account_id: z.guid('must be a UUID').transform((id) => id.toLowerCase()),
    origin_bank: originBank,
    reference,
    amount,
    currency: currency.meta({ description: 'ISO 4217; VED, Bs and BS are taken for VES.' }),
    paid_on: localDate.meta({ description: 'The day of the payment in Caracas, YYYY-MM-DD.' }),
    payer: payer.default({}),
    concept: plainText(140).nullish(),
    metadata: metadata.nullish(),
    distinct_from: z
      .uuid('must be a UUID')
      .transform((id) => id.toLowerCase())
      .nullish()
      .meta({ description: 'An earlier transaction with the same key that is another payment.' }),
  })
  .meta({ title: 'SubmitTransaction' });

export type SubmitTransactionBody = z.output<typeof submitTransactionBody>;

/**
 * Reads a body, or names everything that is wrong with it. The day is checked here and not in the schema, since a
 * schema knows no clock; it is reported together with the rest.
 */
export function readSubmission(body: unknown, today: LocalDate): SubmitTransactionBody {
  const result = submitTransactionBody.safeParse(body);
  const paidOn = result.success ? result.data.paid_on : paidOnIn(body);
  const errors = [
    ...(result.success ? [] : fieldErrors('body', body, result.error.issues)),
    ...(paidOn === null ? [] : dayErrors(paidOn, today)),
  ];
  if (!result.success || errors.length > 0) throw new ProblemError('invalid_input', { errors });
  return result.data;
}

const onlyPaidOn = z.object({ paid_on: localDate });

/** The day in a body in which something else is wrong; null when the day is wrong itself. */
const paidOnIn = (body: unknown): LocalDate | null =>
  onlyPaidOn.safeParse(body).data?.paid_on ?? null;

// The bolívar of today is younger; anything before is a slip of the pen.
const EARLIEST = '2000-01-01';

/** What is wrong with a day of payment, seen from today in Caracas. */
export function dayErrors(paidOn: LocalDate, today: LocalDate): readonly FieldError[] {
  const refuse = (reason: string): readonly FieldError[] => [
    { in: 'body', pointer: '/paid_on', reason },
  ];
  if (paidOn > today) return refuse(`must not be after ${today}, today in Caracas`);
  return paidOn < EARLIEST ? refuse(`must not be before ${EARLIEST}`) : [];
}

const orNull = <Value>(value: Value | null | undefined): Value | null => value ?? null;

/** The claim in our words. */
export const submissionOf = (
  body: SubmitTransactionBody,
  submitter: Pick<Submission, 'merchantId' | 'mode'>,
): Submission => ({
  ...submitter,
  externalId: body.external_id,
  kind: body.kind,
  type: body.type,
  receivingAccountId: body.receiving_account_id,
  originBank: body.origin_bank,
  reference: body.reference,
  amountMinor: body.amount,
  currency: body.currency,
  paidOn: body.paid_on,
  payer: {
    phone: orNull(body.payer.phone),
    document: orNull(body.payer.document),
    name: orNull(body.payer.name),
    concept: orNull(body.concept),
    metadata: orNull(body.metadata),
  },
  distinctFrom: orNull(body.distinct_from),
});

const { $schema: _, ...bodySchema } = z.toJSONSchema(submitTransactionBody, {
  io: 'input',
  unrepresentable: 'any',
});

/** The body for the API's documentation. */
export const submitTransactionSchema = bodySchema as Extract<
  ApiBodyOptions,
  { schema: unknown }
>['schema'];
