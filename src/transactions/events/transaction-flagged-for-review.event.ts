import { defineEvent, type Event } from '../../kernel/event.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';

/** Why a person must decide (product.md, section 2). */
export type ReviewReason =
  | 'amount_differs'
  | 'ambiguous_movements'
  | 'movement_already_bound'
  | 'contradicting_answers'
  | 'unsupported_evidence'
  | 'reversal_suspected'
  | 'reopened';

/** The machine must not guess; a person decides. */
export interface TransactionFlaggedForReview {
  readonly reason: ReviewReason;
  /** The evidence to be shown side by side. */
  readonly candidates: readonly ObservedMovement[];
  readonly flaggedBy: string;
  readonly note: string | null;
  readonly flaggedAt: string;
}

export const transactionFlaggedForReview = defineEvent<TransactionFlaggedForReview>()(
  'TransactionFlaggedForReview.v1',
);
export type TransactionFlaggedForReviewEvent = Event<
  'TransactionFlaggedForReview.v1',
  TransactionFlaggedForReview
>;
