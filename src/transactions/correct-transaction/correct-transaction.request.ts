import { z } from 'zod';
import type { LocalDate } from '../../kernel/local-date.js';
import { ProblemError } from '../../platform/http/problem.js';
import { plainText } from '../../platform/http/plain-text.js';
import {
  amount,
  dayErrors,
  localDate,
  originBank,
  payer,
  reference,
} from '../submit-transaction/submit-transaction.request.js';
import type { Amendment } from './correct-transaction.command.js';

const SAYS_NOTHING = 'must change something';

/** What of a claim may be amended; what is left out stays as it is, and null takes it away. */
export const correctTransactionBody = z
  .strictObject({
    reference: reference.optional(),
    origin_bank: originBank.optional(),
    paid_on: localDate.optional().meta({ description: 'The day of the payment in Caracas.' }),
    amount: amount.optional(),
    payer: payer.optional(),
    reason: plainText(200).nullish().meta({ description: 'Kept in the history.' }),
  })
  .refine(({ reason: _, ...changes }) => Object.keys(changes).length > 0, SAYS_NOTHING)
  .meta({ title: 'CorrectTransaction' });

/** What such a body looks like; checked against the schema. */
export const correctionExamples = {
  reference: { reference: '000683473079', reason: 'the customer mistyped a digit' },
  payer: { amount: 12_500, payer: { phone: '0412-5555555' } },
};

export type CorrectTransactionBody = z.output<typeof correctTransactionBody>;

/** The changes in our words. @throws ProblemError for a day that cannot be one of a payment */
export function amendmentOf(body: CorrectTransactionBody, today: LocalDate): Amendment {
  const {
    paid_on: paidOn,
    origin_bank: bank,
    amount: amountMinor,
    payer: payerChanges = {},
  } = body;
  const errors = paidOn === undefined ? [] : dayErrors(paidOn, today);
  if (errors.length > 0) throw new ProblemError('invalid_input', { errors });
  return {
    claim: {
      ...(body.reference === undefined ? {} : { reference: body.reference }),
      ...(bank === undefined ? {} : { originBank: bank }),
      ...(paidOn === undefined ? {} : { paidOn }),
      ...(amountMinor === undefined ? {} : { amountMinor }),
    },
    payer: Object.fromEntries(
      Object.entries(payerChanges).filter(([, value]) => value !== undefined),
    ),
  };
}
