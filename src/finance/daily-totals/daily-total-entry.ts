import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import type { TransactionEvent } from '../../transactions/events/transaction.event.js';
import type { TransactionSubmitted } from '../../transactions/events/transaction-submitted.event.js';
import type { DailyTotalEntryTable } from './daily-totals.table.js';

export type DailyTotalEntry = DailyTotalEntryTable;
export type StoredTransactionEvent = StoredEvent & TransactionEvent;

type DataOf = { [E in TransactionEvent as E['type']]: E['data'] };
// Asks, wishes for them, proposals, reserved keys and erasures move no money.
type Counted = Exclude<
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
type CountedEvent<T extends Counted> = {
  [K in T]: { readonly type: K; readonly data: DataOf[K] };
}[T];
type Change = Partial<DailyTotalEntry>;

/**
 * Finance counts money on the day on which the bank has it, and a claim on the day on which it is said to have been
 * paid. So a transaction moves to the bank's day when a movement is bound to it, and back when that is undone.
 */
const CHANGES: {
  readonly [T in Counted]: (entry: DailyTotalEntry, data: DataOf[T]) => Change;
} = {
  'TransactionVerified.v1': (_, { bankOn, bankAmountMinor }) => ({
    status: 'verified',
    day: bankOn,
    bank_minor: BigInt(bankAmountMinor),
  }),
  'TransactionFlaggedForReview.v1': ({ status, paid_on }, { reason }) => ({
    status: 'needs_review',
    ...(reason === 'reopened' && status === 'verified' ? { day: paid_on, bank_minor: null } : {}),
  }),
  'TransactionRejected.v1': () => ({ status: 'rejected' }),
  'TransactionExpired.v1': () => ({ status: 'expired' }),
  'TransactionCancelled.v1': () => ({ status: 'cancelled' }),
  'TransactionReversed.v1': () => ({ status: 'reversed' }),
  'TransactionReturnedToPending.v1': () => ({ status: 'pending' }),
  // Only a claim without a movement is corrected, so it stands on the day that is claimed.
  'TransactionCorrected.v1': ({ status }, { amountMinor, paidOn }) => ({
    status: status === 'expired' ? 'expired' : 'pending',
    claimed_minor: BigInt(amountMinor),
    paid_on: paidOn,
    day: paidOn,
  }),
};

const isCounted = (type: keyof DataOf): type is Counted => type in CHANGES;

const changed = <T extends Counted>(entry: DailyTotalEntry, event: CountedEvent<T>): Change =>
  CHANGES[event.type](entry, event.data);

const newEntry = (claim: TransactionSubmitted, position: bigint): DailyTotalEntry => ({
  transaction_id: claim.transactionId,
  merchant_id: claim.merchantId,
  day: claim.paidOn,
  currency: claim.currency,
  status: 'pending',
  claimed_minor: BigInt(claim.amountMinor),
  bank_minor: null,
  paid_on: claim.paidOn,
  position,
});

/** What a transaction adds after an event; null for a claim of a test key, which is never counted. */
export function entryAfter(
  entry: DailyTotalEntry | null,
  event: StoredTransactionEvent,
): DailyTotalEntry | null {
  const { type, data, position } = event;
  if (type === 'TransactionSubmitted.v1') {
    return entry ?? (data.mode === 'live' ? newEntry(data, position) : null);
  }
  if (entry === null || position <= entry.position || !isCounted(type)) return entry;
  return { ...entry, ...changed(entry, event as CountedEvent<Counted>), position };
}
