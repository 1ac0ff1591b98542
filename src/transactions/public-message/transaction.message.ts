// What is told about a transaction to those outside, by webhook and live alike. Public and stable: it only grows.
import { z } from 'zod';

const minorUnits = z.int().meta({ description: 'In minor units of the currency.' });
const localDate = z.string().meta({ description: 'A day in Caracas, YYYY-MM-DD.' });
const instant = z.string().meta({ description: 'RFC 3339, UTC, with milliseconds.' });
const masked = z.string().nullable().meta({ description: 'Masked: at most two digits.' });

/** Every kind of message; the list only grows, so a receiver lets pass what it does not know. */
export const TRANSACTION_MESSAGE_TYPES = [
  'transaction.submitted',
  'transaction.verified',
  'transaction.needs_review',
  'transaction.rejected',
  'transaction.expired',
  'transaction.cancelled',
  'transaction.reversed',
  'transaction.corrected',
  'transaction.returned_to_pending',
] as const;

export type TransactionMessageType = (typeof TRANSACTION_MESSAGE_TYPES)[number];

/** The transaction as it stood after what the message tells; the evidence of a review is read by its route. */
export const toldTransaction = z
  .object({
    id: z.uuid(),
    merchant_id: z.string(),
    mode: z.enum(['live', 'test']),
    status: z.enum([
      'pending',
      'verified',
      'needs_review',
      'rejected',
      'expired',
      'cancelled',
      'reversed',
    ]),
    status_reason: z.string().nullable(),
    duplicate_of: z.uuid().nullable(),
    external_id: z.string(),
    kind: z.enum(['pago_movil', 'transfer', 'card_deposit']),
    type: z.enum(['payment', 'commission', 'other']),
    receiving_account_id: z.string(),
    bank: z.string().meta({ description: 'The bank of the receiving account.' }),
    origin_bank: z.string(),
    reference: z.string(),
    amount: minorUnits,
    currency: z.string(),
    paid_on: localDate,
    payer: z.object({ phone: masked, document: masked, name: masked }),
    bank_on: localDate.nullable(),
    bank_amount: minorUnits.nullable(),
    amount_difference: minorUnits.nullable(),
    late: z.boolean().nullable().meta({ description: 'The verdict came after expiry.' }),
    verified_at: instant.nullable(),
    match_until: instant.meta({ description: 'Until then an expired claim is still matched.' }),
    submitted_at: instant,
    updated_at: instant,
    version: z.int().meta({ description: 'Grows with every change; what a decision names.' }),
  })
  .meta({ id: 'ToldTransaction' });

export type ToldTransaction = z.output<typeof toldTransaction>;

/** One thing that happened to one transaction, as it is sent: under 20 kB by the bounds of its texts. */
export const transactionMessage = z
  .object({
    id: z.string().meta({ description: 'The same in every repetition; the header webhook-id.' }),
    type: z.enum(TRANSACTION_MESSAGE_TYPES),
    timestamp: instant.meta({ description: 'When it happened.' }),
    data: z.object({
      sequence: z.int().min(1).meta({
        description: 'Counts the messages of this transaction from 1: a gap is a missed one.',
      }),
      previous_id: z.string().nullable().meta({
        description: 'The id of the message before this one; null on the first.',
      }),
      transaction: toldTransaction,
    }),
  })
  .meta({ id: 'TransactionMessage' });

export type TransactionMessage = z.output<typeof transactionMessage>;
