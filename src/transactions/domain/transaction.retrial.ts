// Every recorded event of a transaction, decided once more; `log verify` compares the two.
import { reject, type Decision } from '../../kernel/rejection.js';
import type { RecordedStep, Retrial } from '../../kernel/retrial.js';
import type { TransactionEvent } from '../events/transaction.event.js';
import { recordAnswer, requestVerification, startAsk } from './asking.decisions.js';
import { confirmBinding, MACHINE, proposeBinding, refuseBinding } from './binding.decisions.js';
import { cancel, expire, flagForReview, rejectByRule } from './closing.decisions.js';
import { erase } from './erasure.decisions.js';
import { correct, reserveKey } from './correction.decisions.js';
import { reopen, resolveReview, reverse } from './review.decisions.js';
import { submit } from './submission.decisions.js';
import { transactionIdOf } from './transaction-id.js';
import type { Transaction } from './transaction.js';
import type { TransactionDecision } from './transaction.guards.js';

type Step = RecordedStep<Transaction, TransactionEvent>;
type DataOf = { [E in TransactionEvent as E['type']]: E['data'] };
type Verdict = TransactionDecision | Decision<TransactionEvent>;

// Nobody recorded which version a person saw; the rules held him to the latest.
const versionOf = (state: Transaction): number => (state.status === 'none' ? 0 : state.version);

/** Both events of a refused binding, for a holder that carries the same order or another. */
function refuseAgain(
  state: Transaction,
  { proposalId, boundTo, refusedAt }: DataOf['BindingRefused.v2'],
  sameOrder: boolean,
): TransactionDecision {
  const order =
    state.status !== 'none' && sameOrder ? state.claim : { merchantId: '', externalId: '' };
  const { merchantId, externalId } = order;
  const holder = { transactionId: boundTo, merchantId, externalId };
  return refuseBinding(state, { proposalId, holder }, new Date(refusedAt));
}

/**
 * The other half of a refused binding, which is written together with the refusal; null when this event is not that.
 * Before version 2 nobody wrote down whose order the holder carries: it is taken for what this event says it was.
 */
function besideRefusal(previous: Step | null, type: TransactionEvent['type']): Verdict | null {
  if (previous?.event.type !== 'BindingRefused.v2') return null;
  const { data } = previous.event;
  const sameOrder = data.sameOrder ?? type === 'TransactionRejected.v1';
  const both = refuseAgain(previous.before, data, sameOrder);
  const second = both.outcome === 'accepted' ? both.events[1] : undefined;
  return second?.type === type ? { outcome: 'accepted', events: [second] } : null;
}

const RETRIALS: {
  readonly [T in keyof DataOf]: (
    state: Transaction,
    data: DataOf[T],
    previous: Step | null,
  ) => Verdict;
} = {
  'TransactionSubmitted.v1': (state, claim) =>
    transactionIdOf(claim, claim.occurrence) === claim.transactionId
      ? submit(state, {
          claim,
          payer: { phone: null, document: null, name: null },
          recordedPayer: null,
        })
      : reject('id_of_another_claim'),
  'AskStarted.v1': (state, { startedAt, deadlineAt, ...ask }) =>
    startAsk(
      state,
      {
        ...ask,
        deadlineAt: new Date(deadlineAt),
        asksSeen: state.status === 'none' ? 0 : state.asks.started,
      },
      new Date(startedAt),
    ),
  'AskAnswered.v1': (state, { answeredAt, ...answer }) =>
    recordAnswer(state, answer, new Date(answeredAt)),
  'VerificationRequested.v1': (state, { requestedBy, requestedAt }) =>
    requestVerification(state, { requestedBy }, new Date(requestedAt)),
  'TransactionCorrected.v1': (state, { correctedAt, ...correction }) =>
    correct(state, { ...correction, seenVersion: versionOf(state) }, new Date(correctedAt)),
  'NaturalKeyReserved.v1': (state, { reservedAt, ...reservation }) =>
    reserveKey(state, reservation, new Date(reservedAt)),
  'BindingProposed.v1': (state, { proposedBy, proposedAt, askId, reason, ...proposal }) =>
    proposedBy === MACHINE
      ? proposeBinding(state, { ...proposal, askId: askId ?? '' }, new Date(proposedAt))
      : resolveReview(
          state,
          {
            by: proposedBy,
            reason: reason ?? '',
            seenVersion: versionOf(state),
            resolution: {
              outcome: 'verify',
              movementKey: proposal.movement.movementKey,
              slot: proposal.slot,
              proposalId: proposal.proposalId,
            },
          },
          new Date(proposedAt),
        ),
  'BindingRefused.v2': (state, refused) => {
    const both = refuseAgain(state, refused, refused.sameOrder ?? false);
    if (both.outcome === 'rejected') return both;
    const [first] = both.events;
    if (first?.type !== 'BindingRefused.v2') return reject('not_a_refusal');
    const data = { ...first.data, sameOrder: refused.sameOrder };
    return { ...both, events: [{ ...first, data }] };
  },
  'TransactionVerified.v1': (state, { proposalId, verifiedAt }) =>
    confirmBinding(state, { proposalId }, new Date(verifiedAt)),
  'TransactionFlaggedForReview.v1': (state, flag, previous) => {
    const at = new Date(flag.flaggedAt);
    const { reason, candidates, note, flaggedBy } = flag;
    if (reason === 'reopened' && flaggedBy !== MACHINE) {
      const decision = { by: flaggedBy, reason: note ?? '', seenVersion: versionOf(state) };
      return reopen(state, decision, at);
    }
    const beside = besideRefusal(previous, 'TransactionFlaggedForReview.v1');
    if (beside !== null) return beside;
    // More evidence for a claim that was reopened keeps that reason; the machine never gives it.
    const asked = reason === 'reopened' ? 'ambiguous_movements' : reason;
    return flagForReview(state, { reason: asked, candidates, note }, at);
  },
  'TransactionRejected.v1': (
    state,
    { reason, duplicateOf, rejectedBy, note, rejectedAt },
    previous,
  ) => {
    const at = new Date(rejectedAt);
    if (reason === 'refused_in_review') {
      const decision = { by: rejectedBy, reason: note ?? '', seenVersion: versionOf(state) };
      return resolveReview(state, { ...decision, resolution: { outcome: 'reject' } }, at);
    }
    const beside = besideRefusal(previous, 'TransactionRejected.v1');
    if (beside !== null) return beside;
    return reason === 'duplicate_of'
      ? rejectByRule(state, { reason, duplicateOf: duplicateOf ?? '', note }, at)
      : rejectByRule(state, { reason, note }, at);
  },
  'TransactionExpired.v1': (state, { askId, expiredAt }) => {
    const asked = state.status !== 'none' && state.asks.notVisible?.askId === askId;
    // When a listing was answered stands in its own stream; at the latest it was when the claim expired.
    const sweep = asked ? null : { sweepId: askId, answeredAt: expiredAt };
    return expire(state, new Date(expiredAt), sweep);
  },
  'TransactionCancelled.v1': (state, { cancelledAt, ...command }) =>
    cancel(state, command, new Date(cancelledAt)),
  'TransactionReversed.v1': (state, { reversedBy, reason, reversedAt }) =>
    reverse(state, { by: reversedBy, reason, seenVersion: versionOf(state) }, new Date(reversedAt)),
  'PersonalDataErased.v1': (state, { erasedBy, reason, erasedAt }) =>
    erase(state, { erasedBy, reason }, new Date(erasedAt)),
  'TransactionReturnedToPending.v1': (state, { returnedBy, reason, returnedAt }) =>
    resolveReview(
      state,
      {
        by: returnedBy,
        reason,
        seenVersion: versionOf(state),
        resolution: { outcome: 'ask_again' },
      },
      new Date(returnedAt),
    ),
};

const tryAgain = <T extends keyof DataOf>(
  { before, event }: { before: Transaction; event: { type: T; data: DataOf[T] } },
  previous: Step | null,
): Verdict => RETRIALS[event.type](before, event.data, previous);

/** Decides a recorded event of a transaction once more. */
export const retryTransaction: Retrial<Transaction, TransactionEvent> = (step, previous) =>
  tryAgain(step as never, previous);
