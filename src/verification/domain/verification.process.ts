import { assertNever } from '../../kernel/assert.js';
import type { BankAnswer, BankOutcome } from '../../matching/bank-answer.js';
import type { MatchVerdict } from '../../matching/match-movement.js';
import type { Movement } from '../../matching/movement.js';
import type { PaymentKind } from '../../matching/payment-claim.js';
import type { ReviewReason } from '../../transactions/events/transaction-flagged-for-review.event.js';
import { fromObserved } from '../../matching/observed-movement.js';
import type { Watch } from './watch.js';

/** What the machine does next; each step is one command. Nothing to do is an answer too: not yet is never no. */
export type Step =
  | { readonly do: 'propose'; readonly movement: Movement }
  | {
      readonly do: 'flag';
      readonly reason: Exclude<ReviewReason, 'reopened'>;
      readonly candidates: readonly Movement[];
      readonly note: string | null;
    }
  /** Null when an ask about the claim allows it. */
  | {
      readonly do: 'expire';
      readonly sweep: { readonly sweepId: string; readonly answeredAt: string } | null;
    };

/** An answer, what its rows mean for the claim, and about which day it was. */
export interface Heard {
  readonly answer: BankAnswer;
  /** Null when the answer held no rows. */
  readonly match: MatchVerdict | null;
  readonly askedOn: string;
  readonly at: Date;
}

/** What must be known of the transaction, with the answer already in it. */
export type Known = Pick<Watch, 'standing' | 'lastProposed'> & {
  /** Whether an earlier look-up may have had its effect at the bank, its answer being lost. */
  readonly inDoubt?: boolean;
  readonly claim: Pick<Watch['claim'], 'paidOn' | 'visibleBy'>;
};

const STANDINGS: Readonly<Partial<Record<string, Watch['standing']>>> = {
  pending: 'pending',
  expired: 'expired',
  needs_review: 'in_review',
  verified: 'verified',
};

/** What a transaction's status means for the machine. */
export const standingOf = (status: string): Watch['standing'] => STANDINGS[status] ?? 'ended';

const TOLD_BEFORE = 'the bank says that it told of the payment before, and not to us';
const TOLD_US =
  'the bank says that it told of the payment before: probably to our own ask, whose answer was lost';

/** Rows shown to a reviewer are bounded; more than this help nobody to decide. */
const MOST_CANDIDATES = 20;

const flag = (
  reason: Exclude<ReviewReason, 'reopened'>,
  candidates: readonly Movement[],
  note: string | null = null,
): Step[] => [{ do: 'flag', reason, candidates: candidates.slice(0, MOST_CANDIDATES), note }];

/**
 * What is written down of an answer. Rows among which none is the payment mean that the bank does not show it yet;
 * how many rows there were stays in the record.
 */
export const outcomeOf = ({ answer, match }: Pick<Heard, 'answer' | 'match'>): BankOutcome =>
  answer.outcome === 'found' &&
  hiddenIn(answer) === 0 &&
  (match?.verdict === 'none' || match?.verdict === 'commission')
    ? 'not_visible_yet'
    : answer.outcome;

const hiddenIn = (answer: BankAnswer): number =>
  answer.outcome === 'found' ? (answer.hidden ?? 0) : 0;

/** A claim that the bank cannot be asked about; the note says why. */
export const forAPerson = (note: string): readonly Step[] => flag('unsupported_evidence', [], note);

/** A kind of payment that the bank has no look-up for can only be settled by a person (or by a later listing). */
export const beforeAsking = (
  kind: PaymentKind,
  lookUpKinds: readonly PaymentKind[],
): readonly Step[] =>
  lookUpKinds.includes(kind) ? [] : forAPerson('the bank has no look-up for this kind of payment');

/**
 * What an answer leads to, after it has been written down.
 * A failure of any kind leads to nothing, since it says nothing; the schedule asks again.
 */
export function afterAnswer(known: Known, heard: Heard): readonly Step[] {
  switch (heard.answer.outcome) {
    case 'found':
      return afterRows(known, heard);
    case 'not_visible_yet':
      return afterNothing(known, heard);
    case 'invalid_query':
      // The bank refused the question, not the payment: our mistake or the payer's, so a person looks.
      return flag('unsupported_evidence', [], 'the bank refuses the question');
    case 'already_reconciled':
      return flag('unsupported_evidence', [], known.inDoubt === true ? TOLD_US : TOLD_BEFORE);
    case 'credentials_refused':
    case 'rate_limited':
    case 'maintenance':
    case 'unavailable':
    case 'outcome_unknown':
    case 'range_too_large':
      return [];
    default:
      return assertNever(heard.answer, 'an answer of a bank');
  }
}

function afterRows(known: Known, heard: Heard): readonly Step[] {
  if (known.standing === 'verified' || known.standing === 'ended') return [];
  return hiddenIn(heard.answer) > 0 ? afterHidden(heard.match) : afterMatch(known, heard);
}

function afterMatch(known: Known, heard: Heard): readonly Step[] {
  const { match } = heard;
  switch (match?.verdict) {
    case 'fits':
      // In review the machine adds evidence, never a verdict (product.md, section 2).
      return known.standing === 'in_review'
        ? flag('ambiguous_movements', [match.movement])
        : [{ do: 'propose', movement: match.movement }];
    case 'differs':
      return flag('amount_differs', match.candidates);
    case 'ambiguous':
      return flag('ambiguous_movements', match.candidates);
    case 'reversal_suspected':
      return flag('ambiguous_movements', match.candidates, 'a debit takes the credit back');
    case 'commission':
    case 'none':
    case undefined:
      return afterNothing(known, heard);
    default:
      return assertNever(match, 'what rows mean');
  }
}

/** A row without its reference may be the payment or anybody's; what the bank shows beside it cannot settle that. */
function afterHidden(match: MatchVerdict | null): readonly Step[] {
  const seen = candidatesIn(match);
  return flag('unsupported_evidence', seen, 'the bank hides the reference of a row');
}

function candidatesIn(match: MatchVerdict | null): readonly Movement[] {
  if (match === null) return [];
  if (match.verdict === 'fits') return [match.movement];
  return 'candidates' in match ? match.candidates : [];
}

/** A neighbouring day without the payment proves nothing about the claimed one. */
function afterNothing(known: Known, { askedOn, at }: Heard): readonly Step[] {
  if (askedOn !== known.claim.paidOn) return [];
  if (known.standing !== 'pending' && known.standing !== 'expired') return [];
  if (known.lastProposed !== null) {
    return flag('contradicting_answers', [fromObserved(known.lastProposed)]);
  }
  const isLate = at.getTime() > Date.parse(known.claim.visibleBy);
  return known.standing === 'pending' && isLate ? [{ do: 'expire', sweep: null }] : [];
}
