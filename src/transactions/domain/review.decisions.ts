import { accept, reject } from '../../kernel/rejection.js';
import { bindingProposed } from '../events/binding-proposed.event.js';
import { transactionFlaggedForReview } from '../events/transaction-flagged-for-review.event.js';
import { transactionRejected } from '../events/transaction-rejected.event.js';
import { transactionReturnedToPending } from '../events/transaction-returned-to-pending.event.js';
import { transactionReversed } from '../events/transaction-reversed.event.js';
import { unlessPayable } from './binding.decisions.js';
import type { SubmittedTransaction, Transaction } from './transaction.js';
import {
  unlessIn,
  unlessSeen,
  whileBinding,
  whileHolding,
  type TransactionDecision,
} from './transaction.guards.js';

/** Who decided, why, and on which version of the transaction. */
export interface PersonsDecision {
  readonly by: string;
  readonly reason: string;
  readonly seenVersion: number;
}

export type Resolution =
  /** The named movement pays the claim, whatever its amount. It is bound through its slot like any other. */
  | {
      readonly outcome: 'verify';
      readonly movementKey: string;
      readonly slot: string;
      readonly proposalId: string;
    }
  | { readonly outcome: 'reject' }
  | { readonly outcome: 'ask_again' };

export type ResolveReview = PersonsDecision & { readonly resolution: Resolution };

type Verify = Extract<Resolution, { outcome: 'verify' }>;

function verify(
  state: SubmittedTransaction,
  { movementKey, slot, proposalId }: Verify,
  decision: PersonsDecision & { readonly at: string },
): TransactionDecision {
  const movement = state.evidence.find((candidate) => candidate.movementKey === movementKey);
  if (movement === undefined) return reject('movement_unknown', { movement_key: movementKey });
  const held = state.held?.movementKey === movementKey ? null : whileHolding(state);
  const refusal = held ?? unlessPayable(state, movement);
  if (refusal !== null) return refusal;
  return accept(
    bindingProposed({
      proposalId,
      slot,
      movement,
      askId: null,
      proposedBy: decision.by,
      reason: decision.reason,
      proposedAt: decision.at,
    }),
  );
}

/** A person settles what the machine must not guess. */
export function resolveReview(
  state: Transaction,
  { resolution, ...decision }: ResolveReview,
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  const refusal =
    whileBinding(state) ??
    unlessIn(state, 'needs_review') ??
    unlessSeen(state, decision.seenVersion);
  if (refusal !== null) return refusal;
  const at = now.toISOString();
  if (resolution.outcome === 'verify') return verify(state, resolution, { ...decision, at });
  const held = whileHolding(state);
  if (held !== null) return held;
  return resolution.outcome === 'reject'
    ? accept(
        transactionRejected({
          reason: 'refused_in_review',
          duplicateOf: null,
          rejectedBy: decision.by,
          note: decision.reason,
          rejectedAt: at,
        }),
      )
    : accept(
        transactionReturnedToPending({
          returnedBy: decision.by,
          reason: decision.reason,
          returnedAt: at,
        }),
      );
}

/** The bank took the money back. The movement stays bound, so that nothing else is paid with it. */
export function reverse(
  state: Transaction,
  { by, reason, seenVersion }: PersonsDecision,
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  // A suspected reversal waits in review, still holding its movement, until a person says that it is one.
  const standing =
    state.status === 'needs_review' && state.held !== null ? null : unlessIn(state, 'verified');
  const refusal = whileBinding(state) ?? standing ?? unlessSeen(state, seenVersion);
  if (refusal !== null) return refusal;
  return accept(transactionReversed({ reversedBy: by, reason, reversedAt: now.toISOString() }));
}

/** Takes a decision back for another look: a refusal, a binding made by mistake, a reversal that was none. */
export function reopen(
  state: Transaction,
  { by, reason, seenVersion }: PersonsDecision,
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  const refusal =
    unlessIn(state, 'rejected', 'verified', 'reversed') ?? unlessSeen(state, seenVersion);
  if (refusal !== null) return refusal;
  return accept(
    transactionFlaggedForReview({
      reason: 'reopened',
      candidates: state.evidence,
      flaggedBy: by,
      note: reason,
      flaggedAt: now.toISOString(),
    }),
  );
}
