import { z } from 'zod';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import type { TransactionEvent } from '../events/transaction.event.js';

type Details = Readonly<Record<string, string | number | boolean | null>>;
type DataOf = { [E in TransactionEvent as E['type']]: E['data'] };
type Telling<T extends keyof DataOf> = readonly [name: string, tell: (data: DataOf[T]) => Details];

/** What each event is called in public and what of it is told: nothing of the payer, nothing of another merchant. */
const TOLD: { readonly [T in keyof DataOf]: Telling<T> } = {
  'TransactionSubmitted.v1': [
    'transaction.submitted',
    (claim) => ({
      external_id: claim.externalId,
      amount: claim.amountMinor,
      currency: claim.currency,
      paid_on: claim.paidOn,
    }),
  ],
  'AskStarted.v1': [
    'ask.started',
    (ask) => ({
      ask_id: ask.askId,
      bank: ask.bank,
      asked_on: ask.askedOn,
      deadline_at: ask.deadlineAt,
    }),
  ],
  'AskAnswered.v1': [
    'ask.answered',
    (answer) => ({
      ask_id: answer.askId,
      outcome: answer.outcome,
      bank_code: answer.bankCode,
      duration_ms: answer.durationMs,
      movements: answer.movements,
    }),
  ],
  'BindingProposed.v1': [
    'binding.proposed',
    ({ movement, proposedBy, reason }) => ({
      movement_key: movement.movementKey,
      bank_on: movement.bankOn,
      bank_amount: movement.amountMinor,
      proposed_by: proposedBy,
      reason,
    }),
  ],
  'BindingRefused.v2': ['binding.refused', ({ reason }) => ({ reason })],
  'TransactionVerified.v1': [
    'transaction.verified',
    (verdict) => ({
      movement_key: verdict.movementKey,
      bank_on: verdict.bankOn,
      bank_amount: verdict.bankAmountMinor,
      amount_difference: verdict.amountDifferenceMinor,
      late: verdict.late,
      decided_by: verdict.decidedBy,
      reason: verdict.reason,
    }),
  ],
  'TransactionFlaggedForReview.v1': [
    'transaction.needs_review',
    ({ reason, candidates, flaggedBy, note }) => ({
      reason,
      candidates: candidates.length,
      flagged_by: flaggedBy,
      note,
    }),
  ],
  'TransactionRejected.v1': [
    'transaction.rejected',
    ({ reason, duplicateOf, rejectedBy, note }) => ({
      reason,
      duplicate_of: duplicateOf,
      rejected_by: rejectedBy,
      note,
    }),
  ],
  'TransactionExpired.v1': [
    'transaction.expired',
    ({ askId, matchUntil }) => ({ ask_id: askId, match_until: matchUntil }),
  ],
  'TransactionCancelled.v1': [
    'transaction.cancelled',
    ({ cancelledBy, reason }) => ({ cancelled_by: cancelledBy, reason }),
  ],
  'TransactionReversed.v1': [
    'transaction.reversed',
    ({ reversedBy, reason }) => ({ reversed_by: reversedBy, reason }),
  ],
  'PersonalDataErased.v1': [
    'personal_data.erased',
    ({ erasedBy, reason }) => ({ erased_by: erasedBy, reason }),
  ],
  'TransactionReturnedToPending.v1': [
    'transaction.returned_to_pending',
    ({ returnedBy, reason }) => ({ returned_by: returnedBy, reason }),
  ],
  'TransactionCorrected.v1': [
    'transaction.corrected',
    ({ reference, originBank, paidOn, amountMinor, correctedBy, reason }) => ({
      reference,
      origin_bank: originBank,
      paid_on: paidOn,
      amount: amountMinor,
      corrected_by: correctedBy,
      reason,
    }),
  ],
  'NaturalKeyReserved.v1': [
    'key.reserved',
    ({ transactionId }) => ({ transaction_id: transactionId }),
  ],
  'VerificationRequested.v1': [
    'verification.requested',
    ({ requestedBy }) => ({ requested_by: requestedBy }),
  ],
};

const entry = z.object({
  version: z.int().meta({ description: 'Place in the history, from 0.' }),
  event: z.string(),
  occurred_at: z.string(),
  actor: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** What happened to a transaction, oldest first. */
export const transactionHistory = z
  .object({ data: z.array(entry) })
  .meta({ id: 'TransactionHistory' });

export type TransactionHistory = z.output<typeof transactionHistory>;

type Told<T extends keyof DataOf> = { [K in T]: { readonly type: K; readonly data: DataOf[K] } }[T];

const tell = <T extends keyof DataOf>(event: Told<T>): readonly [string, Details] => {
  const [name, details]: Telling<T> = TOLD[event.type];
  return [name, details(event.data)];
};

/** The history as the API shows it. */
export const historyOf = (
  events: readonly (StoredEvent & TransactionEvent)[],
): TransactionHistory => ({
  data: events.map((stored) => {
    const [event, details] = tell(stored);
    return {
      version: Number(stored.revision),
      event,
      occurred_at: stored.recordedAt.toISOString(),
      actor: stored.metadata.actor,
      details,
    };
  }),
});
