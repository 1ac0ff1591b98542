import { assert } from '../../kernel/assert.js';
import type { TransactionEvent } from '../events/transaction.event.js';
import type { TransactionSubmitted } from '../events/transaction-submitted.event.js';
import type {
  ToldTransaction,
  TransactionMessage,
  TransactionMessageType,
} from './transaction.message.js';

/** All that must be known of a transaction to tell what happens next; plain JSON. */
export interface Telling {
  readonly transaction: ToldTransaction;
  /** The number and the id of the last message. */
  readonly sequence: number;
  readonly messageId: string;
}

/** An event of a transaction, as far as a message needs it. */
export type TellableEvent = TransactionEvent & {
  readonly eventId: string;
  readonly revision: bigint;
};

type DataOf = { [E in TransactionEvent as E['type']]: E['data'] };
// Asks, and the steps of a binding, are how a verdict comes about; an erasure changes nothing that is told.
type Later = Exclude<
  keyof DataOf,
  | 'TransactionSubmitted.v1'
  | 'AskStarted.v1'
  | 'AskAnswered.v1'
  | 'BindingProposed.v1'
  | 'BindingRefused.v2'
  | 'NaturalKeyReserved.v1'
  | 'VerificationRequested.v1'
  | 'PersonalDataErased.v1'
>;
type LaterEvent<T extends Later> = { [K in T]: { readonly type: K; readonly data: DataOf[K] } }[T];

const NO_VERDICT = {
  bank_on: null,
  bank_amount: null,
  amount_difference: null,
  late: null,
  verified_at: null,
} as const;

const turned = (
  status: ToldTransaction['status'],
  updatedAt: string,
): Partial<ToldTransaction> => ({
  status,
  status_reason: null,
  duplicate_of: null,
  updated_at: updatedAt,
});

const TYPES: Readonly<Record<Later, TransactionMessageType>> = {
  'TransactionVerified.v1': 'transaction.verified',
  'TransactionFlaggedForReview.v1': 'transaction.needs_review',
  'TransactionRejected.v1': 'transaction.rejected',
  'TransactionExpired.v1': 'transaction.expired',
  'TransactionCancelled.v1': 'transaction.cancelled',
  'TransactionReversed.v1': 'transaction.reversed',
  'TransactionCorrected.v1': 'transaction.corrected',
  'TransactionReturnedToPending.v1': 'transaction.returned_to_pending',
};

const CHANGES: {
  readonly [T in Later]: (known: ToldTransaction, data: DataOf[T]) => Partial<ToldTransaction>;
} = {
  'TransactionVerified.v1': (_, verdict) => ({
    ...turned('verified', verdict.verifiedAt),
    bank_on: verdict.bankOn,
    bank_amount: verdict.bankAmountMinor,
    amount_difference: verdict.amountDifferenceMinor,
    late: verdict.late,
    verified_at: verdict.verifiedAt,
  }),
  'TransactionFlaggedForReview.v1': (known, { reason, flaggedAt }) => ({
    ...turned('needs_review', flaggedAt),
    status_reason: reason,
    // A verdict that a person took back let go of its movement.
    ...(reason === 'reopened' && known.status === 'verified' ? NO_VERDICT : {}),
  }),
  'TransactionRejected.v1': (_, { reason, duplicateOf, rejectedAt }) => ({
    ...turned('rejected', rejectedAt),
    status_reason: reason,
    duplicate_of: duplicateOf,
  }),
  'TransactionExpired.v1': (_, { expiredAt }) => turned('expired', expiredAt),
  'TransactionCancelled.v1': (_, { cancelledAt }) => turned('cancelled', cancelledAt),
  'TransactionReversed.v1': (_, { reversedAt }) => turned('reversed', reversedAt),
  'TransactionReturnedToPending.v1': (_, { returnedAt }) => turned('pending', returnedAt),
  'TransactionCorrected.v1': ({ status }, correction) => ({
    ...turned(status === 'expired' ? 'expired' : 'pending', correction.correctedAt),
    reference: correction.reference,
    origin_bank: correction.originBank,
    paid_on: correction.paidOn,
    amount: correction.amountMinor,
    payer: payerOf(correction.payer),
    match_until: correction.matchUntil,
  }),
};

const payerOf = (payer: TransactionSubmitted['payer']): ToldTransaction['payer'] => ({
  phone: payer.phoneMask,
  document: payer.documentMask,
  name: payer.nameMask,
});

const submitted = (claim: TransactionSubmitted): ToldTransaction => ({
  id: claim.transactionId,
  merchant_id: claim.merchantId,
  mode: claim.mode,
  status: 'pending',
  status_reason: null,
  duplicate_of: null,
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
  payer: payerOf(claim.payer),
  ...NO_VERDICT,
  match_until: claim.matchUntil,
  submitted_at: claim.submittedAt,
  updated_at: claim.submittedAt,
  version: 0,
});

const isLater = (type: keyof DataOf): type is Later => type in CHANGES;

const changed = <T extends Later>(
  known: ToldTransaction,
  event: LaterEvent<T>,
): ToldTransaction => ({
  ...known,
  ...CHANGES[event.type](known, event.data),
});

/** The id of the message about an event: the same whoever tells it, and however often. */
const messageIdOf = (eventId: string): string => `msg_${eventId}`;

/** A message, and what the one after it will need. */
export interface Told {
  readonly message: TransactionMessage;
  readonly telling: Telling;
}

/**
 * The message about an event, given what was told before it; null for an event that nobody is told of. Events come
 * in the order of their stream, each once.
 */
export function tell(before: Telling | null, event: TellableEvent): Told | null {
  if (event.type === 'TransactionSubmitted.v1') {
    return told(before, event.eventId, 'transaction.submitted', submitted(event.data));
  }
  if (!isLater(event.type)) return null;
  assert(before !== null, 'a transaction begins with its submission');
  const transaction = changed(before.transaction, event as LaterEvent<Later>);
  const version = Number(event.revision);
  return told(before, event.eventId, TYPES[event.type], { ...transaction, version });
}

function told(
  before: Telling | null,
  eventId: string,
  type: TransactionMessageType,
  transaction: ToldTransaction,
): Told {
  const id = messageIdOf(eventId);
  const sequence = (before?.sequence ?? 0) + 1;
  const previousId = before?.messageId ?? null;
  return {
    message: {
      id,
      type,
      timestamp: transaction.updated_at,
      data: { sequence, previous_id: previousId, transaction },
    },
    telling: { transaction, sequence, messageId: id },
  };
}

/** Every message about one transaction, from the events of its stream. */
export function messagesOf(history: readonly TellableEvent[]): readonly TransactionMessage[] {
  const messages: TransactionMessage[] = [];
  let telling: Telling | null = null;
  for (const event of history) {
    const next: Told | null = tell(telling, event);
    if (next === null) continue;
    messages.push(next.message);
    telling = next.telling;
  }
  return messages;
}
