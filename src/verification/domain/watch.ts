import type { BankOutcome } from '../../matching/bank-answer.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';
import type { AskAnswered } from '../../transactions/events/ask-answered.event.js';
import type { TransactionCorrected } from '../../transactions/events/transaction-corrected.event.js';
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
  /** Since when the claim has its present words; a listing that began before was not searched for them. */
  readonly wordsSince: string;
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
  /** The merchant wants it asked about before the others; until the next ask or listing of it. */
  readonly requestedAt: string | null;
  readonly openAsk: OpenAsk | null;
  readonly openProposal: OpenProposal | null;
  /** The movement that the machine once found to fit; its absence later is a contradiction. */
  readonly lastProposed: ObservedMovement | null;
  readonly held: {
    readonly proposalId: string;
    readonly slot: string;
    readonly movementKey: string;
  } | null;
  /** When it was last verified; a verdict that was taken back took that long all the same. */
  readonly verifiedAt: string | null;
  /** Oldest first; more than one when a person took back another binding before the slot of the first let go. */
  readonly owedReleases: readonly OwedRelease[];
}

export type WatchedClaim = Pick<
  TransactionSubmitted,
  | 'transactionId'
  | 'merchantId'
  | 'receivingAccountId'
  | 'reference'
  | 'amountMinor'
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
    amountMinor: submitted.amountMinor,
    mode: submitted.mode,
    kind: submitted.kind,
    bank: submitted.bank,
    credentialId: submitted.credentialId,
    paidOn: submitted.paidOn,
    visibleBy: submitted.visibleBy,
    matchUntil: submitted.matchUntil,
    submittedAt: submitted.submittedAt,
  },
  wordsSince: submitted.submittedAt,
  asksStarted: 0,
  conclusive: 0,
  failures: 0,
  neighbours: [],
  countedFrom: submitted.submittedAt,
  retryAfterMs: null,
  lastOutcome: null,
  lastAnsweredAt: null,
  requestedAt: null,
  openAsk: null,
  openProposal: null,
  lastProposed: null,
  held: null,
  verifiedAt: null,
  owedReleases: [],
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

interface SlotMovement {
  readonly slot: string;
  readonly movementKey: string;
}

const unowed = (
  { owedReleases }: Watch,
  { slot, movementKey }: SlotMovement,
): readonly OwedRelease[] =>
  owedReleases.filter((owed) => owed.slot !== slot || owed.movementKey !== movementKey);

function verified(
  watch: Watch,
  { proposalId, slot, movementKey, verifiedAt }: TransactionVerified,
): Watch {
  return {
    ...watch,
    standing: 'verified',
    openProposal: null,
    held: { proposalId, slot, movementKey },
    verifiedAt,
    owedReleases: unowed(watch, { slot, movementKey }),
  };
}

/** Only a verdict that a person takes back lets go of its movement; a reversal, suspected or real, keeps it. */
function flagged(watch: Watch, { reason, note, flaggedBy }: TransactionFlaggedForReview): Watch {
  const letsGo = reason === 'reopened' && watch.standing === 'verified' && watch.held !== null;
  return {
    ...watch,
    standing: 'in_review',
    held: letsGo ? null : watch.held,
    owedReleases: letsGo
      ? [...watch.owedReleases, { ...watch.held, reason: note ?? reason, releasedBy: flaggedBy }]
      : watch.owedReleases,
  };
}

/** Everything is to be asked anew, in other words; a claim that is overdue is asked about at once. */
function corrected(watch: Watch, correction: TransactionCorrected): Watch {
  const { reference, paidOn, visibleBy, matchUntil, correctedAt } = correction;
  const isExpired = watch.standing === 'expired';
  return {
    ...watch,
    standing: isExpired ? 'expired' : 'pending',
    claim: { ...watch.claim, reference, paidOn, visibleBy, matchUntil },
    wordsSince: correctedAt,
    conclusive: 0,
    failures: 0,
    neighbours: [],
    countedFrom: correctedAt,
    retryAfterMs: null,
    requestedAt: isExpired ? correctedAt : null,
    // It fitted the former words; that it does not fit these contradicts nothing.
    lastProposed: null,
  };
}

type DataOf = { [E in TransactionEvent as E['type']]: E['data'] };
// The stream of a reserved key belongs to another transaction; nothing is to be asked about it.
type Later = Exclude<keyof DataOf, 'TransactionSubmitted.v1' | 'NaturalKeyReserved.v1'>;
type LaterEvent<T extends Later> = {
  [K in T]: { readonly type: K; readonly data: DataOf[K] };
}[T];

const ended = (watch: Watch): Watch => ({ ...watch, standing: 'ended' });

const FOLLOW: { readonly [T in Later]: (watch: Watch, data: DataOf[T]) => Watch } = {
  'AskStarted.v1': (watch, { askId, askedOn, deadlineAt }) => ({
    ...watch,
    asksStarted: watch.asksStarted + 1,
    requestedAt: null,
    openAsk: { askId, askedOn, deadlineAt },
  }),
  'AskAnswered.v1': answered,
  'BindingProposed.v1': (watch, { proposalId, slot, movement, askId, proposedAt }) => ({
    ...watch,
    openProposal: { proposalId, slot, movement, askId, proposedAt },
    lastProposed: movement,
  }),
  'BindingRefused.v2': (watch, { refusedAt }) => ({
    ...watch,
    openProposal: null,
    countedFrom: refusedAt,
  }),
  'TransactionVerified.v1': verified,
  'TransactionFlaggedForReview.v1': flagged,
  'TransactionExpired.v1': (watch) => ({ ...watch, standing: 'expired' }),
  'TransactionReturnedToPending.v1': (watch, { returnedAt }) => ({
    ...watch,
    standing: 'pending',
    conclusive: 0,
    failures: 0,
    neighbours: [],
    countedFrom: returnedAt,
    retryAfterMs: null,
  }),
  'TransactionCorrected.v1': corrected,
  'VerificationRequested.v1': (watch, { requestedAt }) => ({ ...watch, requestedAt }),
  // Only an ended claim is erased.
  'PersonalDataErased.v1': (watch) => watch,
  'TransactionRejected.v1': ended,
  'TransactionCancelled.v1': ended,
  'TransactionReversed.v1': ended,
};

const follow = <T extends Later>(watch: Watch, event: LaterEvent<T>): Watch =>
  FOLLOW[event.type](watch, event.data);

/** The slot let go of a movement, so nothing is owed to it any more. */
export const released = (watch: Watch, movement: SlotMovement): Watch => ({
  ...watch,
  owedReleases: unowed(watch, movement),
});

/** Follows a transaction from its first event; events of a transaction whose first is not known say nothing. */
export function watch(before: Watch | null, event: TransactionEvent): Watch | null {
  if (event.type === 'TransactionSubmitted.v1') return begin(event.data);
  if (event.type === 'NaturalKeyReserved.v1') return before;
  return before === null ? null : follow(before, event);
}
