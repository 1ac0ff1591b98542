import { z } from 'zod';
import { twoDigitMask } from '../../matching/movement.js';
import { MOVEMENT_STATES } from './list-movements.request.js';
import type { ListedMovement } from './movements.store.js';

const masked = z.string().nullable().meta({ description: 'Masked: at most two digits.' });
const instant = z.string().meta({ description: 'RFC 3339, UTC, with milliseconds.' });

/** One movement on a receiving account; what the bank did not say is null, never a guess. */
const movement = z.object({
  id: z.uuid(),
  bank: z.string(),
  receiving_account_id: z.string().nullable().meta({
    description: 'Null where the bank was asked about a claim and did not name the account.',
  }),
  account: masked,
  merchant_id: z.string().nullable().meta({
    description: 'Owner of the account, else of the claim; null where neither is known.',
  }),
  direction: z.enum(['credit', 'debit']),
  bank_on: z.string().meta({ description: 'A day in Caracas, YYYY-MM-DD.' }),
  bank_time: z.string().nullable(),
  amount: z.int().meta({ description: 'In minor units of the currency.' }),
  currency: z.string(),
  reference: z.string().meta({ description: 'As the bank reports it: whole, or a tail.' }),
  payer_phone: masked,
  observed_at: instant.meta({ description: 'When the bank first showed it.' }),
  state: z.enum(MOVEMENT_STATES).meta({
    description: 'commission: a credit that is taken for the commission of a larger one.',
  }),
  transaction_id: z.uuid().nullable().meta({ description: 'The claim that holds it.' }),
  bound_at: instant.nullable(),
  verified_at: instant.nullable(),
  cancelled_transaction_id: z.uuid().nullable().meta({
    description: 'Of an unclaimed credit: a withdrawn claim of its reference, amount and day.',
  }),
});

export const movementPage = z
  .object({
    data: z.array(movement),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'MovementPage' });

export type MovementResource = z.output<typeof movement>;

/** A row as it is answered; of a claim of another merchant only that there is one. */
export function resourceOfMovement(
  row: ListedMovement,
  merchantId: string | null,
  cancelled: string | null,
): MovementResource {
  const isShown = merchantId === null || row.holder_merchant_id === merchantId;
  return {
    id: row.movement_id,
    bank: row.bank,
    receiving_account_id: row.receiving_account_id,
    account: twoDigitMask(row.account),
    merchant_id: row.merchant_id,
    direction: row.direction,
    bank_on: row.bank_on,
    bank_time: row.bank_time,
    amount: Number(row.amount_minor),
    currency: row.currency,
    reference: row.reference,
    payer_phone: twoDigitMask(row.payer_phone_mask),
    observed_at: row.observed_at.toISOString(),
    state: row.state,
    transaction_id: isShown ? row.holder_transaction_id : null,
    bound_at: row.bound_at?.toISOString() ?? null,
    verified_at: isShown ? (row.verified_at?.toISOString() ?? null) : null,
    cancelled_transaction_id: cancelled,
  };
}
