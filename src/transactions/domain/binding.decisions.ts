import { accept, reject } from '../../kernel/rejection.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';
import { bindingProposed } from '../events/binding-proposed.event.js';
import { bindingRefused } from '../events/binding-refused.event.js';
import { transactionFlaggedForReview } from '../events/transaction-flagged-for-review.event.js';
import { transactionRejected } from '../events/transaction-rejected.event.js';
import {
  transactionVerified,
  type TransactionVerified,
} from '../events/transaction-verified.event.js';
import type { TransactionEvent } from '../events/transaction.event.js';
import type { SubmittedTransaction, Transaction } from './transaction.js';
import {
  afterMatching,
  unlessIn,
  unlessSameWords,
  whileBinding,
  type Refusal,
  type TransactionDecision,
} from './transaction.guards.js';

/** Who decides when no person does. */
export const MACHINE = 'machine';

export interface ProposeBinding {
  readonly proposalId: string;
  readonly slot: string;
  readonly movement: ObservedMovement;
  readonly askId: string;
  /** How many corrections of the claim the match knew of; left out, none. */
  readonly correctionsSeen?: number;
}

/** Only a credit in the claim's own currency can pay it, whoever decides. */
export function unlessPayable(
  { claim }: SubmittedTransaction,
  movement: ObservedMovement,
): Refusal | null {
  if (movement.direction !== 'credit') return reject('not_a_credit');
  return movement.currency === claim.currency ? null : reject('currency_differs');
}

const unlessWithinTolerance = (
  { claim }: SubmittedTransaction,
  movement: ObservedMovement,
): Refusal | null => {
  const difference = movement.amountMinor - claim.amountMinor;
  const within = difference >= -claim.toleranceUnderMinor && difference <= claim.toleranceOverMinor;
  return within ? null : reject('amount_differs', { amount_difference: difference });
};

/**
 * Step 1 of 3: names the movement that the machine is about to bind. Dates and references were matched before;
 * what money depends on is judged here once more.
 */
export function proposeBinding(
  state: Transaction,
  proposal: ProposeBinding,
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  const { correctionsSeen, ...named } = proposal;
  const { proposalId, movement } = named;
  if (state.binding?.proposalId === proposalId || state.held?.proposalId === proposalId) {
    return accept();
  }
  const refusal =
    unlessIn(state, 'pending', 'expired') ??
    whileBinding(state) ??
    afterMatching(state, now) ??
    unlessSameWords(state, correctionsSeen) ??
    unlessPayable(state, movement) ??
    unlessWithinTolerance(state, movement);
  if (refusal !== null) return refusal;
  return accept(
    bindingProposed({
      ...named,
      proposedBy: MACHINE,
      reason: null,
      proposedAt: now.toISOString(),
    }),
  );
}

const verdictOf = ({ claim, binding, expiredAt }: SubmittedTransaction, now: Date) =>
  binding === null
    ? null
    : ({
        proposalId: binding.proposalId,
        slot: binding.slot,
        movementKey: binding.movement.movementKey,
        bankOn: binding.movement.bankOn,
        bankAmountMinor: binding.movement.amountMinor,
        currency: binding.movement.currency,
        amountDifferenceMinor: binding.movement.amountMinor - claim.amountMinor,
        toleranceUnderMinor: claim.toleranceUnderMinor,
        toleranceOverMinor: claim.toleranceOverMinor,
        late: expiredAt !== null,
        decidedBy: binding.proposedBy,
        reason: binding.reason,
        verifiedAt: now.toISOString(),
      } satisfies TransactionVerified);

/** Step 3 of 3, when the slot gave the movement to this transaction. */
export function confirmBinding(
  state: Transaction,
  { proposalId }: { readonly proposalId: string },
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  if (state.binding === null && state.held?.proposalId === proposalId) return accept();
  const verdict = verdictOf(state, now);
  return verdict?.proposalId === proposalId
    ? accept(transactionVerified(verdict))
    : reject('proposal_unknown', { proposal_id: proposalId });
}

export interface RefuseBinding {
  readonly proposalId: string;
  /** The transaction that holds the movement. */
  readonly holder: {
    readonly transactionId: string;
    readonly merchantId: string;
    readonly externalId: string;
  };
}

/**
 * Step 3 of 3, when the movement belongs to another transaction. Two claims of one order are one payment told twice;
 * anything else a person must see. The machine's verdict is for pending claims only (product.md, section 2).
 */
export function refuseBinding(
  state: Transaction,
  { proposalId, holder }: RefuseBinding,
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  const { binding, claim, lastRefusedProposalId } = state;
  if (binding?.proposalId !== proposalId) {
    return lastRefusedProposalId === proposalId
      ? accept()
      : reject('proposal_unknown', { proposal_id: proposalId });
  }
  const at = now.toISOString();
  const sameOrder =
    holder.merchantId === claim.merchantId && holder.externalId === claim.externalId;
  const refused = bindingRefused({
    proposalId,
    reason: 'movement_already_bound',
    boundTo: holder.transactionId,
    sameOrder,
    refusedAt: at,
  });
  return sameOrder && state.status === 'pending'
    ? accept<TransactionEvent>(
        refused,
        transactionRejected({
          reason: 'duplicate_of',
          duplicateOf: holder.transactionId,
          rejectedBy: MACHINE,
          note: null,
          rejectedAt: at,
        }),
      )
    : accept<TransactionEvent>(
        refused,
        transactionFlaggedForReview({
          reason: 'movement_already_bound',
          candidates: [binding.movement],
          flaggedBy: MACHINE,
          // Not whose it is: the holder may be another merchant's.
          note: null,
          flaggedAt: at,
        }),
      );
}
