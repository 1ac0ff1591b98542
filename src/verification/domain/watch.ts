import { assertNever } from '../../kernel/assert.js';
import type { BankOutcome } from '../../matching/bank-answer.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';
import type { AskAnswered } from '../../transactions/events/ask-answered.event.js';
import type { TransactionFlaggedForReview } from '../../transactions/events/transaction-flagged-for-review.event.js';
import type { TransactionSubmitted } from '../../transactions/events/transaction-submitted.event.js';
import type { TransactionVerified } from '../../transactions/events/transaction-verified.event.js';
import type { TransactionEvent } from '../../transactions/events/transaction.event.js';

/** An ask that was announced and has no answer yet. */
export interface OpenAsk {
  readonly askId: string;
  readonly askedOn: string;
  readonly deadlineAt: string;
}

/** A binding between its first step and its last. */
export interface OpenProposal {
  readonly proposalId: string;
  readonly slot: string;
  readonly movement: ObservedMovement;
  readonly askId: string | null;
  readonly proposedAt: string;
}

/** A binding that a person took back; the slot must let go of the movement. */
export interface OwedRelease {
  readonly proposalId: string;
  readonly slot: string;
  readonly movementKey: string;
  readonly reason: string;
  readonly releasedBy: string;
}

/**
 * What the verifier must remember of one transaction, all of it from the transaction's own events. Plain JSON, since
 * the queue keeps it in a row; losing that row loses nothing.
 */
export interface Watch {
  /** The machine asks and decides while `pending` or `expired`; a person does `in_review`. */
  readonly standing: 'pending' | 'expired' | 'in_review' | 'verified' | 'ended';
  readonly claim: WatchedClaim;
  /** How many asks were announced since submission: what the next one must name as seen. */
  readonly asksStarted: number;
  /** Conclusive answers about the claimed day since it became pending. */
  readonly conclusive: number;
  /** Asks in a row that led to nothing: failures, refusals, silence, and rows that nobody followed up. */
  readonly failures: number;
  /** Neighbouring days that were asked about conclusively. */
  readonly neighbours: readonly string[];
  /** The next delay counts from here: the last answer, or when it became pending. */
  readonly countedFrom: string;
  /** The bank's own wish after the last answer. */
  readonly retryAfterMs: number | null;
  readonly lastOutcome: BankOutcome | null;
  readonly lastAnsweredAt: string | null;
  readonly openAsk: OpenAsk | null;
  readonly openProposal: OpenProposal | null;
  /** The movement that the machine once found to fit; its absence later is a contradiction. */
  readonly lastProposed: ObservedMovement | null;
  readonly held: {
    readonly proposalId: string;
    readonly slot: string;
    readonly movementKey: string;
  } | null;
  readonly owedRelease: OwedRelease | null;
}

export type WatchedClaim = Pick<
  TransactionSubmitted,
  | 'transactionId'
  | 'merchantId'
  | 'receivingAccountId'
  | 'reference'
  | 'mode'
  | 'kind'
  | 'bank'
  | 'credentialId'
  | 'paidOn'
  | 'visibleBy'
  | 'matchUntil'
  | 'submittedAt'
>;

const begin = (submitted: TransactionSubmitted): Watch => ({
  standing: 'pending',
  claim: {
    transactionId: submitted.transactionId,
    merchantId: submitted.merchantId,
    receivingAccountId: submitted.receivingAccountId,
    reference: submitted.reference,
    mode: submitted.mode,
    kind: submitted.kind,
    bank: submitted.bank,
    credentialId: submitted.credentialId,
    paidOn: submitted.paidOn,
    visibleBy: submitted.visibleBy,
    matchUntil: submitted.matchUntil,
    submittedAt: submitted.submittedAt,
  },
  asksStarted: 0,
  conclusive: 0,
  failures: 0,
  neighbours: [],
  countedFrom: submitted.submittedAt,
  retryAfterMs: null,
  lastOutcome: null,
  lastAnsweredAt: null,
  openAsk: null,
  openProposal: null,
  lastProposed: null,
  held: null,
  owedRelease: null,
});

function answered(watch: Watch, answer: AskAnswered): Watch {
  // Rows that were found lead to a step at once; without one, whoever held them died, and they must be asked for again.
  const conclusive = answer.outcome === 'not_visible_yet';
  const askedOn = watch.openAsk?.askedOn ?? watch.claim.paidOn;
  const neighbour = askedOn !== watch.claim.paidOn;
  return {
    ...watch,
    openAsk: null,
    conclusive: watch.conclusive + (conclusive && !neighbour ? 1 : 0),
    failures: conclusive ? 0 : watch.failures + 1,
    neighbours:
      conclusive && neighbour && !watch.neighbours.includes(askedOn)
        ? [...watch.neighbours, askedOn]
        : watch.neighbours,
    countedFrom: answer.answeredAt,
    retryAfterMs: answer.retryAfterMs,
    lastOutcome: answer.outcome,
    lastAnsweredAt: answer.answeredAt,
  };
}

function verified(watch: Watch, { proposalId, slot, movementKey }: TransactionVerified): Watch {
  const { owedRelease } = watch;
  const heldAgain = owedRelease?.slot === slot && owedRelease.movementKey === movementKey;
  return {
    ...watch,
    standing: 'verified',
    openProposal: null,
    held: { proposalId, slot, movementKey },
    owedRelease: heldAgain ? null : owedRelease,
  };
}

/** Only a verdict that a person takes back lets go of its movement; a reversal, suspected or real, keeps it. */
function flagged(watch: Watch, { reason, note, flaggedBy }: TransactionFlaggedForReview): Watch {
  const letsGo = reason === 'reopened' && watch.standing === 'verified' && watch.held !== null;
  return {
    ...watch,
    standing: 'in_review',
    held: letsGo ? null : watch.held,
    owedRelease: letsGo
      ? { ...watch.held, reason: note ?? reason, releasedBy: flaggedBy }
      : watch.owedRelease,
  };
}

type Later = Exclude<TransactionEvent, { type: 'TransactionSubmitted.v1' }>;

function follow(watch: Watch, event: Later): Watch {
  switch (event.type) {
    case 'AskStarted.v1': {
      const { askId, askedOn, deadlineAt } = event.data;
      return {
        ...watch,
        asksStarted: watch.asksStarted + 1,
        openAsk: { askId, askedOn, deadlineAt },
      };
    }
    case 'AskAnswered.v1':
      return answered(watch, event.data);
    case 'BindingProposed.v1': {
      const { proposalId, slot, movement, askId, proposedAt } = event.data;
      const openProposal = { proposalId, slot, movement, askId, proposedAt };
      return { ...watch, openProposal, lastProposed: movement };
    }
    case 'BindingRefused.v1':
      return { ...watch, openProposal: null, countedFrom: event.data.refusedAt };
    case 'TransactionVerified.v1':
      return verified(watch, event.data);
    case 'TransactionFlaggedForReview.v1':
      return flagged(watch, event.data);
    case 'TransactionExpired.v1':
      return { ...watch, standing: 'expired' };
    case 'TransactionReturnedToPending.v1':
      return {
        ...watch,
        standing: 'pending',
        conclusive: 0,
        failures: 0,
        neighbours: [],
        countedFrom: event.data.returnedAt,
        retryAfterMs: null,
      };
    case 'PersonalDataErased.v1':
      return watch;
    case 'TransactionRejected.v1':
    case 'TransactionCancelled.v1':
    case 'TransactionReversed.v1':
      return { ...watch, standing: 'ended' };
    default:
      return assertNever(event, 'an event of a transaction');
  }
}

/** The slot let go of a movement, so nothing is owed to it any more. */
export const released = (
  watch: Watch,
  { slot, movementKey }: { readonly slot: string; readonly movementKey: string },
): Watch =>
  watch.owedRelease?.slot === slot && watch.owedRelease.movementKey === movementKey
    ? { ...watch, owedRelease: null }
    : watch;

/** Follows a transaction from its first event; events of a transaction whose first is not known say nothing. */
export function watch(before: Watch | null, event: TransactionEvent): Watch | null {
  if (event.type === 'TransactionSubmitted.v1') return begin(event.data);
  return before === null ? null : follow(before, event);
}
