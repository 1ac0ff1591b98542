import type { BankOutcome } from '../../matching/bank-answer.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';
import type { AskAnswered } from '../events/ask-answered.event.js';
import type { AskStarted } from '../events/ask-started.event.js';
import type { BindingProposed } from '../events/binding-proposed.event.js';
import type { NaturalKeyReserved } from '../events/natural-key-reserved.event.js';
import type { ReviewReason } from '../events/transaction-flagged-for-review.event.js';
import type { TransactionRejected } from '../events/transaction-rejected.event.js';
import type { TransactionSubmitted } from '../events/transaction-submitted.event.js';
import type { TransactionVerified } from '../events/transaction-verified.event.js';
import type { TransactionCorrected } from '../events/transaction-corrected.event.js';
import type { TransactionEvent } from '../events/transaction.event.js';

/** The life of a transaction (product.md, section 2). */
export type Status =
  'pending' | 'verified' | 'needs_review' | 'rejected' | 'expired' | 'cancelled' | 'reversed';

/** What is known of the asks so far, answered or not. */
export interface Asks {
  readonly started: number;
  /** The one that has been sent and not answered yet; there is never a second. */
  readonly open: AskStarted | null;
  readonly lastAskId: string | null;
  readonly lastOutcome: BankOutcome | null;
  readonly lastAnsweredAt: string | null;
  /** The latest "not visible yet" to the claimed day itself; a neighbour's proves nothing about it. */
  readonly notVisible: { readonly askId: string; readonly answeredAt: string } | null;
}

/** The merchant's wishes to have the bank asked now. */
export interface Requests {
  readonly total: number;
  readonly lastAt: string | null;
}

/** A transaction with at least its first event. */
export interface SubmittedTransaction {
  readonly status: Status;
  /** Why a person must decide; null unless the status is `needs_review`. */
  readonly reviewReason: ReviewReason | null;
  /** Why it was refused; null unless the status is `rejected`. */
  readonly rejection: TransactionRejected | null;
  /** As it was submitted, or corrected since. */
  readonly claim: TransactionSubmitted;
  /** How often the claim was corrected: what was asked or found before says nothing about its present words. */
  readonly corrections: number;
  /** Every data key that ever sealed the payer: an erasure must reach all of them. */
  readonly payerKeyIds: readonly string[];
  readonly requests: Requests;
  readonly asks: Asks;
  /** A binding between its first step and its last. */
  readonly binding: BindingProposed | null;
  readonly lastRefusedProposalId: string | null;
  /** The movement that is bound to this transaction, as the verdict told it. */
  readonly held: TransactionVerified | null;
  /** Every movement that was proposed or shown to a reviewer. */
  readonly evidence: readonly ObservedMovement[];
  /** When it first expired; a later verdict is late. */
  readonly expiredAt: string | null;
  /** When the payer's data was erased; null while its key is kept. */
  readonly erasedAt: string | null;
  /** When anything but an ask last happened. */
  readonly changedAt: string;
  /** Revision of the last event. */
  readonly revision: number;
  /** Revision of the last event beside asks and wishes for them: what a decision of a person names as seen. */
  readonly version: number;
}

/** No transaction; its id may be the reserved key of another one. */
interface NoTransaction {
  readonly status: 'none';
  readonly reservation?: NaturalKeyReserved;
}

export type Transaction = NoTransaction | SubmittedTransaction;

export const initialState: Transaction = { status: 'none' };

type DataOf = { [E in TransactionEvent as E['type']]: E['data'] };
type Later = Exclude<keyof DataOf, 'TransactionSubmitted.v1' | 'NaturalKeyReserved.v1'>;
type LaterEvent<T extends Later> = {
  [K in T]: { readonly type: K; readonly data: DataOf[K] };
}[T];
type Change = Partial<SubmittedTransaction>;

const withEvidence = (
  known: readonly ObservedMovement[],
  shown: readonly ObservedMovement[],
): readonly ObservedMovement[] => {
  const keys = new Set(known.map((movement) => movement.movementKey));
  return [...known, ...shown.filter((movement) => !keys.has(movement.movementKey))];
};

const answered = ({ asks, claim }: SubmittedTransaction, answer: AskAnswered): Asks => ({
  ...asks,
  open: null,
  lastAskId: answer.askId,
  lastOutcome: answer.outcome,
  lastAnsweredAt: answer.answeredAt,
  notVisible:
    answer.outcome === 'not_visible_yet' && asks.open?.askedOn === claim.paidOn
      ? { askId: answer.askId, answeredAt: answer.answeredAt }
      : asks.notVisible,
});

const keyIdsOf = ({ sealed }: TransactionSubmitted['payer']): readonly string[] =>
  sealed === null ? [] : [sealed.keyId];

const correctedClaim = (
  claim: TransactionSubmitted,
  { reference, originBank, paidOn, amountMinor, payer, ...rest }: TransactionCorrected,
): TransactionSubmitted => ({
  ...claim,
  reference,
  originBank,
  paidOn,
  amountMinor,
  payer,
  visibleBy: rest.visibleBy,
  matchUntil: rest.matchUntil,
});

const NO_REASON = { reviewReason: null, rejection: null } as const;

const CHANGES: {
  readonly [T in Later]: (state: SubmittedTransaction, data: DataOf[T]) => Change;
} = {
  'AskStarted.v1': ({ asks }, ask) => ({
    asks: { ...asks, started: asks.started + 1, open: ask },
  }),
  'AskAnswered.v1': (state, answer) => ({ asks: answered(state, answer) }),
  'BindingProposed.v1': ({ evidence }, binding) => ({
    binding,
    evidence: withEvidence(evidence, [binding.movement]),
    changedAt: binding.proposedAt,
  }),
  'BindingRefused.v2': (_, { proposalId, refusedAt }) => ({
    binding: null,
    lastRefusedProposalId: proposalId,
    changedAt: refusedAt,
  }),
  'TransactionVerified.v1': (_, verdict) => ({
    status: 'verified',
    ...NO_REASON,
    binding: null,
    held: verdict,
    changedAt: verdict.verifiedAt,
  }),
  'TransactionFlaggedForReview.v1': (state, flag) => ({
    status: 'needs_review',
    ...NO_REASON,
    reviewReason: flag.reason,
    // Only a verdict that a person takes back lets go of its movement; a reversal stays bound.
    held: flag.reason === 'reopened' && state.status === 'verified' ? null : state.held,
    evidence: withEvidence(state.evidence, flag.candidates),
    changedAt: flag.flaggedAt,
  }),
  'TransactionRejected.v1': (_, rejection) => ({
    status: 'rejected',
    ...NO_REASON,
    rejection,
    changedAt: rejection.rejectedAt,
  }),
  'TransactionExpired.v1': ({ expiredAt }, expiry) => ({
    status: 'expired',
    ...NO_REASON,
    expiredAt: expiredAt ?? expiry.expiredAt,
    changedAt: expiry.expiredAt,
  }),
  'TransactionCancelled.v1': (_, { cancelledAt }) => ({
    status: 'cancelled',
    ...NO_REASON,
    changedAt: cancelledAt,
  }),
  'TransactionReversed.v1': (_, { reversedAt }) => ({
    status: 'reversed',
    ...NO_REASON,
    changedAt: reversedAt,
  }),
  'TransactionReturnedToPending.v1': ({ asks }, { returnedAt }) => ({
    status: 'pending',
    ...NO_REASON,
    // It is to be asked again, so an older answer must not let it expire.
    asks: { ...asks, notVisible: null },
    changedAt: returnedAt,
  }),
  'PersonalDataErased.v1': (_, { erasedAt }) => ({
    payerKeyIds: [],
    erasedAt,
    changedAt: erasedAt,
  }),
  'TransactionCorrected.v1': ({ status, claim, ...state }, correction) => ({
    // Somebody waits for another verdict now; one that is overdue stays so, and comes late.
    status: status === 'expired' ? 'expired' : 'pending',
    ...NO_REASON,
    claim: correctedClaim(claim, correction),
    corrections: state.corrections + 1,
    payerKeyIds: [...new Set([...state.payerKeyIds, ...keyIdsOf(correction.payer)])],
    asks: { ...state.asks, notVisible: null },
    changedAt: correction.correctedAt,
  }),
  'VerificationRequested.v1': ({ requests }, { requestedAt }) => ({
    requests: { total: requests.total + 1, lastAt: requestedAt },
  }),
};

const ASKS: ReadonlySet<string> = new Set<Later>([
  'AskStarted.v1',
  'AskAnswered.v1',
  'VerificationRequested.v1',
]);

const submitted = (claim: TransactionSubmitted): SubmittedTransaction => ({
  status: 'pending',
  reviewReason: null,
  rejection: null,
  claim,
  corrections: 0,
  payerKeyIds: keyIdsOf(claim.payer),
  requests: { total: 0, lastAt: null },
  asks: {
    started: 0,
    open: null,
    lastAskId: null,
    lastOutcome: null,
    lastAnsweredAt: null,
    notVisible: null,
  },
  binding: null,
  lastRefusedProposalId: null,
  held: null,
  evidence: [],
  expiredAt: null,
  erasedAt: null,
  changedAt: claim.submittedAt,
  revision: 0,
  version: 0,
});

function change<T extends Later>(
  state: SubmittedTransaction,
  event: LaterEvent<T>,
): SubmittedTransaction {
  const changed = CHANGES[event.type](state, event.data);
  const revision = state.revision + 1;
  return {
    ...state,
    ...changed,
    revision,
    version: ASKS.has(event.type) ? state.version : revision,
  };
}

/** Follows what happened; never judges it, since history cannot be refused. */
export function evolve(state: Transaction, event: TransactionEvent): Transaction {
  if (event.type === 'TransactionSubmitted.v1') return submitted(event.data);
  if (event.type === 'NaturalKeyReserved.v1') {
    return state.status === 'none' ? { status: 'none', reservation: event.data } : state;
  }
  return state.status === 'none' ? state : change(state, event);
}

/** The transaction as the command runner loads it. */
export const transactionAggregate = { initialState, evolve } as const;
