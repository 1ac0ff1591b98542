import { uuidFrom } from '../../src/kernel/ids.js';
import type { ObservedMovement } from '../../src/matching/observed-movement.js';
import { askAnswered, type AskAnswered } from '../../src/transactions/events/ask-answered.event.js';
import { askStarted, type AskStarted } from '../../src/transactions/events/ask-started.event.js';
import {
  bindingProposed,
  type BindingProposed,
} from '../../src/transactions/events/binding-proposed.event.js';
import {
  bindingRefused,
  type BindingRefused,
} from '../../src/transactions/events/binding-refused.event.js';
import { personalDataErased } from '../../src/transactions/events/personal-data-erased.event.js';
import { naturalKeyReserved } from '../../src/transactions/events/natural-key-reserved.event.js';
import { transactionCancelled } from '../../src/transactions/events/transaction-cancelled.event.js';
import {
  transactionCorrected,
  type TransactionCorrected,
} from '../../src/transactions/events/transaction-corrected.event.js';
import { transactionExpired } from '../../src/transactions/events/transaction-expired.event.js';
import {
  transactionFlaggedForReview,
  type TransactionFlaggedForReview,
} from '../../src/transactions/events/transaction-flagged-for-review.event.js';
import {
  transactionRejected,
  type TransactionRejected,
} from '../../src/transactions/events/transaction-rejected.event.js';
import { transactionReturnedToPending } from '../../src/transactions/events/transaction-returned-to-pending.event.js';
import { transactionReversed } from '../../src/transactions/events/transaction-reversed.event.js';
import {
  transactionSubmitted,
  type TransactionSubmitted,
} from '../../src/transactions/events/transaction-submitted.event.js';
import {
  transactionVerified,
  type TransactionVerified,
} from '../../src/transactions/events/transaction-verified.event.js';
import { verificationRequested } from '../../src/transactions/events/verification-requested.event.js';

/** 10:00 in Caracas on the day that the built claims were paid. */
export const SUBMITTED_AT = '2026-03-10T14:00:00.000Z';

/** An instant some minutes after the built claims were submitted. */
export const minutesLater = (minutes: number): Date =>
  new Date(Date.parse(SUBMITTED_AT) + minutes * 60_000);

const at = (minutes: number): string => minutesLater(minutes).toISOString();

export const anId = (name: string): string => uuidFrom('test', name);

/** The built claims must have become visible a day after they were submitted. */
export const VISIBLE_WITHIN_MINUTES = 24 * 60;
/** They are matched for thirty days. */
export const MATCHED_FOR_MINUTES = 30 * 24 * 60;

/** What a merchant claimed: 120.00 VES by Pago Móvil from Banesco. */
export const aClaim = (over: Partial<TransactionSubmitted> = {}): TransactionSubmitted => ({
  transactionId: anId('transaction'),
  merchantId: anId('merchant'),
  mode: 'live',
  externalId: 'order-1',
  kind: 'pago_movil',
  type: 'payment',
  receivingAccountId: anId('account'),
  bank: '0134',
  credentialId: 'banesco',
  originBank: '0134',
  reference: '000683473078',
  amountMinor: 12_000,
  currency: 'VES',
  paidOn: '2026-03-10',
  occurrence: 0,
  payer: { phoneMask: '*******67', documentMask: null, nameMask: null, sealed: null },
  toleranceUnderMinor: 0,
  toleranceOverMinor: 0,
  visibleBy: at(VISIBLE_WITHIN_MINUTES),
  matchUntil: at(MATCHED_FOR_MINUTES),
  submittedAt: SUBMITTED_AT,
  ...over,
});

/** A credit that fits the built claim. */
export const aMovement = (over: Partial<ObservedMovement> = {}): ObservedMovement => ({
  movementKey: 'a'.repeat(32),
  bank: '0134',
  account: null,
  direction: 'credit',
  amountMinor: 12_000,
  currency: 'VES',
  bankOn: '2026-03-10',
  bankTime: null,
  reference: '473078',
  payerPhoneMask: '5841********67',
  ...over,
});

export const SLOT = '0134.J0000.credit.20260310.473078';

/** The same claim in another stage of its life: one function per event, with defaults that fit together. */
export const happened = {
  submitted: (over: Partial<TransactionSubmitted> = {}) => transactionSubmitted(aClaim(over)),

  askStarted: (over: Partial<AskStarted> = {}) =>
    askStarted({
      askId: anId('ask'),
      bank: '0134',
      credentialId: 'banesco',
      permitId: anId('permit'),
      askedOn: '2026-03-10',
      startedAt: at(1),
      deadlineAt: at(2),
      ...over,
    }),

  askAnswered: (over: Partial<AskAnswered> = {}) =>
    askAnswered({
      askId: anId('ask'),
      outcome: 'not_visible_yet',
      bankCode: '70001',
      httpStatus: 200,
      durationMs: 700,
      answerHash: 'b'.repeat(64),
      permitIds: [anId('permit')],
      movements: 0,
      retryAfterMs: null,
      answeredAt: at(1),
      ...over,
    }),

  bindingProposed: (over: Partial<BindingProposed> = {}) =>
    bindingProposed({
      proposalId: anId('proposal'),
      slot: SLOT,
      movement: aMovement(),
      askId: anId('ask'),
      proposedBy: 'machine',
      reason: null,
      proposedAt: at(2),
      ...over,
    }),

  bindingRefused: (over: Partial<BindingRefused> = {}) =>
    bindingRefused({
      proposalId: anId('proposal'),
      reason: 'movement_already_bound',
      boundTo: anId('holder'),
      sameOrder: true,
      refusedAt: at(3),
      ...over,
    }),

  verified: (over: Partial<TransactionVerified> = {}) =>
    transactionVerified({
      proposalId: anId('proposal'),
      slot: SLOT,
      movementKey: aMovement().movementKey,
      bankOn: '2026-03-10',
      bankAmountMinor: 12_000,
      currency: 'VES',
      amountDifferenceMinor: 0,
      toleranceUnderMinor: 0,
      toleranceOverMinor: 0,
      late: false,
      decidedBy: 'machine',
      reason: null,
      verifiedAt: at(3),
      ...over,
    }),

  flagged: (over: Partial<TransactionFlaggedForReview> = {}) =>
    transactionFlaggedForReview({
      reason: 'amount_differs',
      candidates: [aMovement({ amountMinor: 11_999 })],
      flaggedBy: 'machine',
      note: null,
      flaggedAt: at(3),
      ...over,
    }),

  rejected: (over: Partial<TransactionRejected> = {}) =>
    transactionRejected({
      reason: 'claim_invalid',
      duplicateOf: null,
      rejectedBy: 'machine',
      note: null,
      rejectedAt: at(3),
      ...over,
    }),

  expired: () =>
    transactionExpired({
      askId: anId('ask'),
      matchUntil: at(MATCHED_FOR_MINUTES),
      expiredAt: at(VISIBLE_WITHIN_MINUTES + 2),
    }),

  cancelled: () =>
    transactionCancelled({ cancelledBy: 'api_key:1', reason: null, cancelledAt: at(4) }),

  reversed: () =>
    transactionReversed({
      reversedBy: 'user:1',
      reason: 'the bank took it back',
      reversedAt: at(5),
    }),

  returnedToPending: () =>
    transactionReturnedToPending({ returnedBy: 'user:1', reason: 'ask again', returnedAt: at(5) }),

  corrected: (over: Partial<TransactionCorrected> = {}) =>
    transactionCorrected({
      reference: '000683473079',
      originBank: '0134',
      paidOn: '2026-03-09',
      amountMinor: 12_500,
      payer: { phoneMask: '*******68', documentMask: null, nameMask: null, sealed: null },
      reservedKey: anId('corrected key'),
      visibleBy: at(VISIBLE_WITHIN_MINUTES + 6),
      matchUntil: at(MATCHED_FOR_MINUTES),
      correctedBy: 'api_key:1',
      reason: 'a digit was mistyped',
      correctedAt: at(6),
      ...over,
    }),

  keyReserved: () =>
    naturalKeyReserved({
      reservedKey: anId('corrected key'),
      transactionId: anId('transaction'),
      reservedAt: at(6),
    }),

  verificationRequested: (requestedAt = at(7)) =>
    verificationRequested({ requestedBy: 'api_key:1', requestedAt }),

  personalDataErased: () =>
    personalDataErased({
      keyIds: [anId('key')],
      erasedBy: 'user:1',
      reason: 'the payer asked for it',
      erasedAt: at(6),
    }),
};
