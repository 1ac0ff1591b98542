import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import type { TransactionEvent } from '../../transactions/events/transaction.event.js';
import type { TransactionSubmitted } from '../../transactions/events/transaction-submitted.event.js';
import type { TransactionStateTable } from './transaction-state.table.js';

export type TransactionState = TransactionStateTable;
export type StoredTransactionEvent = StoredEvent & TransactionEvent;

type DataOf = { [E in TransactionEvent as E['type']]: E['data'] };
// Asks, wishes for them, proposals, reserved keys and erasures change nothing that finance says: masks stay.
type Stated = Exclude<
  keyof DataOf,
  | 'TransactionSubmitted.v1'
  | 'AskStarted.v1'
  | 'AskAnswered.v1'
  | 'BindingProposed.v1'
  | 'BindingRefused.v2'
  | 'PersonalDataErased.v1'
  | 'NaturalKeyReserved.v1'
  | 'VerificationRequested.v1'
>;
type StatedEvent<T extends Stated> = {
  [K in T]: { readonly type: K; readonly data: DataOf[K] };
}[T];
type Change = Partial<TransactionState>;

const NO_REASON = { status_reason: null, duplicate_of: null } as const;
const NO_MONEY = {
  bank_on: null,
  bank_minor: null,
  difference_minor: null,
  verified_at: null,
  late: null,
} as const;
const NO_DECISION = { decided_by: null, decided_at: null, decision_reason: null } as const;
// Expiry is the machine's alone, and its event need not say so.
const MACHINE = 'machine';

const decided = (by: string, at: string, reason: string | null): Change => ({
  ...NO_REASON,
  decided_by: by,
  decided_at: new Date(at),
  decision_reason: reason,
});

const CHANGES: {
  readonly [T in Stated]: (state: TransactionState, data: DataOf[T]) => Change;
} = {
  'TransactionVerified.v1': (_, verdict) => ({
    ...decided(verdict.decidedBy, verdict.verifiedAt, verdict.reason),
    status: 'verified',
    day: verdict.bankOn,
    bank_on: verdict.bankOn,
    bank_minor: BigInt(verdict.bankAmountMinor),
    difference_minor: BigInt(verdict.amountDifferenceMinor),
    verified_at: new Date(verdict.verifiedAt),
    late: verdict.late,
  }),
  'TransactionFlaggedForReview.v1': ({ status, paid_on }, flagged) => ({
    ...decided(flagged.flaggedBy, flagged.flaggedAt, flagged.note),
    status: 'needs_review',
    status_reason: flagged.reason,
    // A verdict that a person took back let go of its movement.
    ...(flagged.reason === 'reopened' && status === 'verified'
      ? { ...NO_MONEY, day: paid_on }
      : {}),
  }),
  'TransactionRejected.v1': (_, rejected) => ({
    ...decided(rejected.rejectedBy, rejected.rejectedAt, rejected.note),
    status: 'rejected',
    status_reason: rejected.reason,
    duplicate_of: rejected.duplicateOf,
  }),
  'TransactionExpired.v1': (_, { expiredAt }) => ({
    ...decided(MACHINE, expiredAt, null),
    status: 'expired',
  }),
  'TransactionCancelled.v1': (_, { cancelledBy, cancelledAt, reason }) => ({
    ...decided(cancelledBy, cancelledAt, reason),
    status: 'cancelled',
  }),
  'TransactionReversed.v1': (_, { reversedBy, reversedAt, reason }) => ({
    ...decided(reversedBy, reversedAt, reason),
    status: 'reversed',
  }),
  'TransactionReturnedToPending.v1': (_, { returnedBy, returnedAt, reason }) => ({
    ...decided(returnedBy, returnedAt, reason),
    status: 'pending',
  }),
  // Only a claim without a movement is corrected, so it stands on the day that is claimed.
  'TransactionCorrected.v1': ({ status }, { payer, ...claim }) => ({
    ...NO_REASON,
    ...NO_DECISION,
    status: status === 'expired' ? 'expired' : 'pending',
    reference: claim.reference,
    origin_bank: claim.originBank,
    claimed_minor: BigInt(claim.amountMinor),
    paid_on: claim.paidOn,
    day: claim.paidOn,
    payer_phone_mask: payer.phoneMask,
    payer_document_mask: payer.documentMask,
    payer_name_mask: payer.nameMask,
  }),
};

const isStated = (type: keyof DataOf): type is Stated => type in CHANGES;

const changed = <T extends Stated>(state: TransactionState, event: StatedEvent<T>): Change =>
  CHANGES[event.type](state, event.data);

const newState = (claim: TransactionSubmitted, position: bigint): TransactionState => ({
  transaction_id: claim.transactionId,
  from_position: position,
  until_position: null,
  merchant_id: claim.merchantId,
  external_id: claim.externalId,
  kind: claim.kind,
  type: claim.type,
  receiving_account_id: claim.receivingAccountId,
  bank: claim.bank,
  origin_bank: claim.originBank,
  reference: claim.reference,
  status: 'pending',
  ...NO_REASON,
  day: claim.paidOn,
  paid_on: claim.paidOn,
  ...NO_MONEY,
  currency: claim.currency,
  claimed_minor: BigInt(claim.amountMinor),
  payer_phone_mask: claim.payer.phoneMask,
  payer_document_mask: claim.payer.documentMask,
  payer_name_mask: claim.payer.nameMask,
  ...NO_DECISION,
  submitted_at: new Date(claim.submittedAt),
});

/** What is said after an event: the same state where nothing changed; null for a claim of a test key. */
export function stateAfter(
  state: TransactionState | null,
  event: StoredTransactionEvent,
): TransactionState | null {
  const { type, data, position } = event;
  if (type === 'TransactionSubmitted.v1') {
    return state ?? (data.mode === 'live' ? newState(data, position) : null);
  }
  if (state === null || position <= state.from_position || !isStated(type)) return state;
  const change = changed(state, event as StatedEvent<Stated>);
  return { ...state, ...change, from_position: position };
}
