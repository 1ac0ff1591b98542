import { assert } from '../../kernel/assert.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import type { Status } from '../domain/transaction.js';
import { canonicalReference } from '../domain/reference.js';
import type { TransactionEvent } from '../events/transaction.event.js';
import type { TransactionSubmitted } from '../events/transaction-submitted.event.js';
import type { TransactionViewTable } from './transaction-view.table.js';

export type TransactionRow = TransactionViewTable;

/** The blind indexes of a payer. */
export interface PayerIndexes {
  readonly phone: string | null;
  readonly document: string | null;
}

export type StoredTransactionEvent = StoredEvent & TransactionEvent;

type DataOf = { [E in TransactionEvent as E['type']]: E['data'] };
// Asks change nothing that the list shows, and there are more of them than of all others together.
type Shown = Exclude<
  keyof DataOf,
  | 'TransactionSubmitted.v1'
  | 'AskStarted.v1'
  | 'AskAnswered.v1'
  | 'NaturalKeyReserved.v1'
  | 'VerificationRequested.v1'
>;
type ShownEvent<T extends Shown> = { [K in T]: { readonly type: K; readonly data: DataOf[K] } }[T];

const NO_REASON = { status_reason: null, duplicate_of: null } as const;
const NO_VERDICT = {
  bank_on: null,
  bank_amount_minor: null,
  amount_difference_minor: null,
  late: null,
  verified_at: null,
} as const;

const ended = (status: Status, at: string): Partial<TransactionRow> => ({
  status,
  ...NO_REASON,
  updated_at: new Date(at),
});

const withEvidence = (
  known: readonly ObservedMovement[],
  shown: readonly ObservedMovement[],
): readonly ObservedMovement[] => {
  const keys = new Set(known.map(({ movementKey }) => movementKey));
  return [...known, ...shown.filter(({ movementKey }) => !keys.has(movementKey))];
};

const CHANGES: {
  readonly [T in Shown]: (row: TransactionRow, data: DataOf[T]) => Partial<TransactionRow>;
} = {
  'BindingProposed.v1': ({ evidence }, { movement, proposedAt }) => ({
    evidence: withEvidence(evidence, [movement]),
    updated_at: new Date(proposedAt),
  }),
  'BindingRefused.v2': (_, { refusedAt }) => ({ updated_at: new Date(refusedAt) }),
  'TransactionVerified.v1': (_, verdict) => ({
    ...ended('verified', verdict.verifiedAt),
    bank_on: verdict.bankOn,
    bank_amount_minor: BigInt(verdict.bankAmountMinor),
    amount_difference_minor: BigInt(verdict.amountDifferenceMinor),
    late: verdict.late,
    verified_at: new Date(verdict.verifiedAt),
  }),
  'TransactionFlaggedForReview.v1': (row, { reason, candidates, flaggedAt }) => ({
    ...ended('needs_review', flaggedAt),
    status_reason: reason,
    evidence: withEvidence(row.evidence, candidates),
    // A verdict that a person took back let go of its movement.
    ...(reason === 'reopened' && row.status === 'verified' ? NO_VERDICT : {}),
  }),
  'TransactionRejected.v1': (_, { reason, duplicateOf, rejectedAt }) => ({
    ...ended('rejected', rejectedAt),
    status_reason: reason,
    duplicate_of: duplicateOf,
  }),
  'TransactionExpired.v1': (_, { expiredAt }) => ended('expired', expiredAt),
  'TransactionCancelled.v1': (_, { cancelledAt }) => ended('cancelled', cancelledAt),
  'TransactionReversed.v1': (_, { reversedAt }) => ended('reversed', reversedAt),
  'TransactionReturnedToPending.v1': (_, { returnedAt }) => ended('pending', returnedAt),
  'PersonalDataErased.v1': (_, { erasedAt }) => ({
    payer_phone_index: null,
    payer_document_index: null,
    updated_at: new Date(erasedAt),
  }),
  'TransactionCorrected.v1': ({ status }, { reference, payer, ...correction }) => ({
    ...ended(status === 'expired' ? 'expired' : 'pending', correction.correctedAt),
    reference,
    reference_canonical: canonicalReference(reference),
    origin_bank: correction.originBank,
    paid_on: correction.paidOn,
    amount_minor: BigInt(correction.amountMinor),
    payer_phone_mask: payer.phoneMask,
    payer_document_mask: payer.documentMask,
    payer_name_mask: payer.nameMask,
    match_until: new Date(correction.matchUntil),
  }),
};

const indexColumns = (payer: PayerIndexes) => ({
  payer_phone_index: payer.phone,
  payer_document_index: payer.document,
});

const isShown = (type: keyof DataOf): type is Shown => type in CHANGES;

const changed = <T extends Shown>(
  row: TransactionRow,
  event: ShownEvent<T>,
): Partial<TransactionRow> => CHANGES[event.type](row, event.data);

const newRow = (
  claim: TransactionSubmitted,
  position: bigint,
  payer: PayerIndexes,
): TransactionRow => ({
  transaction_id: claim.transactionId,
  merchant_id: claim.merchantId,
  mode: claim.mode,
  status: 'pending',
  ...NO_REASON,
  external_id: claim.externalId,
  kind: claim.kind,
  type: claim.type,
  receiving_account_id: claim.receivingAccountId,
  bank: claim.bank,
  origin_bank: claim.originBank,
  reference: claim.reference,
  reference_canonical: canonicalReference(claim.reference),
  amount_minor: BigInt(claim.amountMinor),
  currency: claim.currency,
  paid_on: claim.paidOn,
  payer_phone_mask: claim.payer.phoneMask,
  payer_document_mask: claim.payer.documentMask,
  payer_name_mask: claim.payer.nameMask,
  ...indexColumns(payer),
  ...NO_VERDICT,
  evidence: [],
  match_until: new Date(claim.matchUntil),
  submitted_at: new Date(claim.submittedAt),
  updated_at: new Date(claim.submittedAt),
  version: 0n,
  submitted_position: position,
  position,
});

/** The row after an event; the same row when the event changes nothing that is shown, or was applied before. */
export function rowAfter(
  row: TransactionRow | null,
  event: StoredTransactionEvent,
  payer: PayerIndexes,
): TransactionRow | null {
  const { type, data, position, revision } = event;
  if (type === 'TransactionSubmitted.v1') return row ?? newRow(data, position, payer);
  // A key that another transaction was corrected to has a stream, and no row.
  if (type === 'NaturalKeyReserved.v1') return row;
  assert(row !== null, 'a transaction begins with its submission');
  if (position <= row.position || !isShown(type)) return row;
  const indexes = type === 'TransactionCorrected.v1' ? indexColumns(payer) : {};
  const change = changed(row, event as ShownEvent<Shown>);
  return { ...row, ...change, ...indexes, version: revision, position };
}
