import { z } from 'zod';
import { daysBetween, type LocalDate } from '../../kernel/local-date.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';
import { relateReferences } from '../../matching/reference.js';
import { maskDigits } from '../submit-transaction/payer-identity.js';
import type { SubmittedTransaction } from '../domain/transaction.js';

const minorUnits = z.int().meta({ description: 'In minor units of the currency.' });
const localDate = z.string().meta({ description: 'A day in Caracas, YYYY-MM-DD.' });
const instant = z.string().meta({ description: 'RFC 3339, UTC, with milliseconds.' });
const masked = z.string().nullable().meta({ description: 'Masked: at most two digits.' });

export const STATUSES = [
  'pending',
  'verified',
  'needs_review',
  'rejected',
  'expired',
  'cancelled',
  'reversed',
] as const;

const candidate = z.object({
  movement_key: z.string(),
  direction: z.enum(['credit', 'debit']),
  bank_on: localDate,
  bank_time: z.string().nullable(),
  amount: minorUnits,
  currency: z.string(),
  reference: z.string(),
  payer_phone: masked,
  amount_difference: minorUnits.nullable().meta({
    description: 'Its amount less the claimed one; null in another currency.',
  }),
  days_apart: z.int().meta({ description: 'Its day less the claimed one.' }),
  reference_fits: z.enum(['whole', 'tail', 'no']).meta({
    description: 'Whether its reference is the claimed one, may be a tail of it, or is another.',
  }),
});

/** A transaction as the API shows it, from the log or from the list alike. */
export const transactionResource = z
  .object({
    id: z.uuid(),
    merchant_id: z.string(),
    mode: z.enum(['live', 'test']),
    status: z.enum(STATUSES),
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
    candidates: z
      .array(candidate)
      .meta({ description: 'What a reviewer must choose from; empty unless in review.' }),
    match_until: instant.meta({ description: 'Until then an expired claim is still matched.' }),
    submitted_at: instant,
    updated_at: instant,
    version: z.int().meta({ description: 'What a decision names as seen; also the ETag.' }),
  })
  .meta({ id: 'Transaction' });

export type TransactionResource = z.output<typeof transactionResource>;
export type CandidateResource = z.output<typeof candidate>;

/** The words of a claim that a candidate is held against. */
export interface ClaimedWords {
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly paidOn: string;
}

// Fewer digits than any bank reports are no tail of anything.
const LEAST_TAIL_DIGITS = 4;
const FITS = { same: 'whole', compatible: 'tail', unrelated: 'no' } as const;

/** What a reviewer sees of a movement, beside what was claimed. */
export const candidateResource = (
  movement: ObservedMovement,
  claim: ClaimedWords,
): CandidateResource => ({
  movement_key: movement.movementKey,
  direction: movement.direction,
  bank_on: movement.bankOn,
  bank_time: movement.bankTime,
  amount: movement.amountMinor,
  currency: movement.currency,
  reference: movement.reference,
  // Banks leave more digits of a phone in sight than we may show.
  payer_phone: maskDigits(movement.payerPhoneMask),
  amount_difference:
    movement.currency === claim.currency ? movement.amountMinor - claim.amountMinor : null,
  days_apart: daysBetween(claim.paidOn as LocalDate, movement.bankOn as LocalDate),
  reference_fits: FITS[relateReferences(claim.reference, movement.reference, LEAST_TAIL_DIGITS)],
});

type VerdictPart = Pick<
  TransactionResource,
  'bank_on' | 'bank_amount' | 'amount_difference' | 'late' | 'verified_at'
>;

const NO_VERDICT: VerdictPart = {
  bank_on: null,
  bank_amount: null,
  amount_difference: null,
  late: null,
  verified_at: null,
};

const verdictOf = (held: SubmittedTransaction['held']): VerdictPart =>
  held === null
    ? NO_VERDICT
    : {
        bank_on: held.bankOn,
        bank_amount: held.bankAmountMinor,
        amount_difference: held.amountDifferenceMinor,
        late: held.late,
        verified_at: held.verifiedAt,
      };

/** The resource of a transaction as its stream tells it. */
export function resourceOf(transaction: SubmittedTransaction): TransactionResource {
  const { claim, held, rejection, status } = transaction;
  return {
    id: claim.transactionId,
    merchant_id: claim.merchantId,
    mode: claim.mode,
    status,
    status_reason: transaction.reviewReason ?? rejection?.reason ?? null,
    duplicate_of: rejection?.duplicateOf ?? null,
    external_id: claim.externalId,
    kind: claim.kind,
    type: claim.type,
    receiving_account_id: claim.receivingAccountId,
    bank: claim.bank,
    origin_bank: claim.originBank,
    reference: claim.reference,
    amount: claim.amountMinor,
    currency: claim.currency,
    paid_on: claim.paidOn,
    payer: {
      phone: claim.payer.phoneMask,
      document: claim.payer.documentMask,
      name: claim.payer.nameMask,
    },
    ...verdictOf(held),
    candidates:
      status === 'needs_review'
        ? transaction.evidence.map((movement) => candidateResource(movement, claim))
        : [],
    match_until: claim.matchUntil,
    submitted_at: claim.submittedAt,
    updated_at: transaction.changedAt,
    version: transaction.version,
  };
}
