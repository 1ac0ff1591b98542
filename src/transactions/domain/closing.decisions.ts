import { accept, reject } from '../../kernel/rejection.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';
import { transactionCancelled } from '../events/transaction-cancelled.event.js';
import { transactionExpired } from '../events/transaction-expired.event.js';
import {
  transactionFlaggedForReview,
  type ReviewReason,
} from '../events/transaction-flagged-for-review.event.js';
import { transactionRejected } from '../events/transaction-rejected.event.js';
import { MACHINE } from './binding.decisions.js';
import type { SubmittedTransaction, Transaction } from './transaction.js';
import {
  afterMatching,
  isAfter,
  unlessIn,
  whileAsking,
  whileBinding,
  whileHolding,
  type Refusal,
  type TransactionDecision,
} from './transaction.guards.js';

export interface FlagForReview {
  /** Reopening is a person's own decision. */
  readonly reason: Exclude<ReviewReason, 'reopened'>;
  readonly candidates: readonly ObservedMovement[];
  readonly note: string | null;
}

/** Only what the bank gave can be taken back, and it is the only thing that reopens a verdict by machine. */
const unlessFlaggable = (
  state: SubmittedTransaction,
  reason: FlagForReview['reason'],
): Refusal | null => {
  if (reason !== 'reversal_suspected') return unlessIn(state, 'pending', 'expired', 'needs_review');
  return state.status === 'needs_review' && state.held !== null
    ? null
    : unlessIn(state, 'verified');
};

/** Hands the claim to a person. In review the machine adds evidence, never another reason (product.md, section 2). */
export function flagForReview(
  state: Transaction,
  flag: FlagForReview,
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  const refusal =
    whileBinding(state) ?? unlessFlaggable(state, flag.reason) ?? afterMatching(state, now);
  if (refusal !== null) return refusal;
  const known = new Set(state.evidence.map((movement) => movement.movementKey));
  const news = flag.candidates.some((movement) => !known.has(movement.movementKey));
  if (state.reviewReason !== null && !news) return accept();
  return accept(
    transactionFlaggedForReview({
      ...flag,
      reason: state.reviewReason ?? flag.reason,
      flaggedBy: MACHINE,
      flaggedAt: now.toISOString(),
    }),
  );
}

export type RejectByRule =
  | { readonly reason: 'claim_invalid'; readonly note: string | null }
  | { readonly reason: 'duplicate_of'; readonly duplicateOf: string; readonly note: string | null };

/** Refuses a pending claim for a reason that no answer of the bank can change. */
export function rejectByRule(
  state: Transaction,
  rule: RejectByRule,
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  if (state.rejection?.reason === rule.reason) return accept();
  const refusal = unlessIn(state, 'pending') ?? whileBinding(state) ?? whileAsking(state);
  if (refusal !== null) return refusal;
  return accept(
    transactionRejected({
      reason: rule.reason,
      duplicateOf: rule.reason === 'duplicate_of' ? rule.duplicateOf : null,
      rejectedBy: MACHINE,
      note: rule.note,
      rejectedAt: now.toISOString(),
    }),
  );
}

/** A listing of the account that covered the claimed day and its neighbours and held nothing of the claim. */
export interface EmptySweep {
  readonly sweepId: string;
  readonly answeredAt: string;
}

/**
 * Ends the wait. Time alone never does: the bank must have said, after the time in which it must show the credit,
 * that it shows nothing on the claimed day; to an ask about the claim, or to a listing of the account.
 */
export function expire(
  state: Transaction,
  now: Date,
  sweep: EmptySweep | null = null,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  if (state.status === 'expired') return accept();
  const refusal = unlessIn(state, 'pending') ?? whileBinding(state) ?? whileAsking(state);
  if (refusal !== null) return refusal;
  const { visibleBy, matchUntil } = state.claim;
  const answer =
    sweep === null ? state.asks.notVisible : { askId: sweep.sweepId, answeredAt: sweep.answeredAt };
  if (answer === null || !isAfter(answer.answeredAt, visibleBy)) {
    return reject('no_conclusive_answer', { visible_by: visibleBy });
  }
  return accept(
    transactionExpired({ askId: answer.askId, matchUntil, expiredAt: now.toISOString() }),
  );
}

export interface Cancel {
  readonly cancelledBy: string;
  readonly reason: string | null;
}

/** Withdraws a claim that holds no movement; a second time changes nothing. */
export function cancel(state: Transaction, command: Cancel, now: Date): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  if (state.status === 'cancelled') return accept();
  const refusal =
    unlessIn(state, 'pending', 'needs_review', 'expired') ??
    whileBinding(state) ??
    whileHolding(state);
  if (refusal !== null) return refusal;
  return accept(transactionCancelled({ ...command, cancelledAt: now.toISOString() }));
}
