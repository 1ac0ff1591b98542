import { askAnswered, type AskAnsweredEvent } from './ask-answered.event.js';
import { askStarted, type AskStartedEvent } from './ask-started.event.js';
import { bindingProposed, type BindingProposedEvent } from './binding-proposed.event.js';
import { bindingRefused, type BindingRefusedEvent } from './binding-refused.event.js';
import { personalDataErased, type PersonalDataErasedEvent } from './personal-data-erased.event.js';
import { naturalKeyReserved, type NaturalKeyReservedEvent } from './natural-key-reserved.event.js';
import {
  transactionCancelled,
  type TransactionCancelledEvent,
} from './transaction-cancelled.event.js';
import {
  transactionCorrected,
  type TransactionCorrectedEvent,
} from './transaction-corrected.event.js';
import { transactionExpired, type TransactionExpiredEvent } from './transaction-expired.event.js';
import {
  transactionFlaggedForReview,
  type TransactionFlaggedForReviewEvent,
} from './transaction-flagged-for-review.event.js';
import {
  transactionRejected,
  type TransactionRejectedEvent,
} from './transaction-rejected.event.js';
import {
  transactionReturnedToPending,
  type TransactionReturnedToPendingEvent,
} from './transaction-returned-to-pending.event.js';
import {
  transactionReversed,
  type TransactionReversedEvent,
} from './transaction-reversed.event.js';
import {
  transactionSubmitted,
  type TransactionSubmittedEvent,
} from './transaction-submitted.event.js';
import {
  transactionVerified,
  type TransactionVerifiedEvent,
} from './transaction-verified.event.js';
import {
  verificationRequested,
  type VerificationRequestedEvent,
} from './verification-requested.event.js';

/** Everything that can have happened to a transaction, in today's versions. */
export type TransactionEvent =
  | TransactionSubmittedEvent
  | AskStartedEvent
  | AskAnsweredEvent
  | BindingProposedEvent
  | BindingRefusedEvent
  | TransactionVerifiedEvent
  | TransactionFlaggedForReviewEvent
  | TransactionRejectedEvent
  | TransactionExpiredEvent
  | TransactionCancelledEvent
  | TransactionReversedEvent
  | TransactionReturnedToPendingEvent
  | PersonalDataErasedEvent
  | TransactionCorrectedEvent
  | NaturalKeyReservedEvent
  | VerificationRequestedEvent;

/** For the event catalogue. */
export const transactionEvents = [
  transactionSubmitted,
  askStarted,
  askAnswered,
  bindingProposed,
  bindingRefused,
  transactionVerified,
  transactionFlaggedForReview,
  transactionRejected,
  transactionExpired,
  transactionCancelled,
  transactionReversed,
  transactionReturnedToPending,
  personalDataErased,
  transactionCorrected,
  naturalKeyReserved,
  verificationRequested,
] as const;
