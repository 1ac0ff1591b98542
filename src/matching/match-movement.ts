import { daysBetween } from '../kernel/local-date.js';
import { accountsConflict } from './movement-likeness.js';
import { movementKey, type Movement } from './movement.js';
import { maskContradictsPhone } from './payer-phone.js';
import type { PaymentClaim, Tolerance } from './payment-claim.js';
import { asReported, relateReferences } from './reference.js';

/** What is particular to the bank that reported the rows. */
export interface MatchRules {
  /** How many last digits of a reference the bank is sure to report. */
  readonly referenceDigits: number;
  /** The largest commission the bank charges, in hundredths of a percent of the payment; 0 when not known. */
  readonly commissionBasisPoints: number;
}

export interface MatchQuestion {
  readonly claim: PaymentClaim;
  readonly rows: readonly Movement[];
  readonly tolerance: Tolerance;
  readonly rules: MatchRules;
}

/** What the rows mean for the claim. Candidates are what a reviewer is shown, in an order of their own. */
export type MatchVerdict =
  /** Exactly one row proves the payment; the difference is bank amount less claimed amount. */
  | { readonly verdict: 'fits'; readonly movement: Movement; readonly differenceMinor: bigint }
  /** The payment seems to be there with another amount. */
  | { readonly verdict: 'differs'; readonly candidates: readonly Movement[] }
  /** Several rows fit, or the only ones leave a doubt; a person decides, never a guess. */
  | { readonly verdict: 'ambiguous'; readonly candidates: readonly Movement[] }
  /** The credit is there, and so is a debit that takes it back; the credit first, then the debit. */
  | { readonly verdict: 'reversal_suspected'; readonly candidates: readonly Movement[] }
  /** Rows of this reference are there, but only debits or the bank's commission: not the payment. */
  | { readonly verdict: 'commission' }
  | { readonly verdict: 'none' };

type Twin = 'commission' | 'unclear' | 'no';
interface Judged {
  readonly row: Movement;
  /** `rival`: would fit, were it sure that it is no commission. */
  readonly standing: 'fits' | 'rival' | 'doubtful' | 'differs' | 'unrelated' | 'commission';
}

/**
 * How many doubts a row may raise and still be shown to a person. A tail is weak evidence: one doubt beside it can
 * be a mistake of the payer, two make it somebody else's movement. A whole reference bears two.
 */
const DOUBTS_BORNE = { same: 2, compatible: 1 } as const;

/** All that a row says but the bank's free text, its whole phone mask too, which its key leaves out. */
const contentOf = (row: Movement): string => `${movementKey(row)} ${row.payerPhoneMask ?? ''}`;

const byContent = (one: Movement, other: Movement): number =>
  contentOf(one) < contentOf(other) ? -1 : 1;

const distinct = (rows: readonly Movement[]): Movement[] =>
  [...new Map(rows.map((row) => [contentOf(row), row])).values()].sort(byContent);

/** The same way for every order of the rows, and whatever else the answer holds. */
export function matchMovement(question: MatchQuestion): MatchVerdict {
  const { claim, rules } = question;
  const related = distinct(question.rows.filter((row) => isRelated(claim, row, rules)));
  const judged = related.map((row) => judge(question, related, row));
  const standing = (kind: Judged['standing']): Movement[] =>
    judged.filter((one) => one.standing === kind).map((one) => one.row);

  const [fitting, rivals] = [standing('fits'), standing('rival')];
  const [only] = fitting;
  if (only !== undefined && fitting.length + rivals.length === 1) {
    const takenBack = related.find((row) => takesBack(row, only, rules));
    return takenBack === undefined
      ? { verdict: 'fits', movement: only, differenceMinor: only.amountMinor - claim.amountMinor }
      : { verdict: 'reversal_suspected', candidates: [only, takenBack] };
  }
  const [doubtful, differing] = [standing('doubtful'), standing('differs')];
  const candidates = fitting.length > 0 ? fitting.concat(rivals) : rivals.concat(doubtful);
  if (candidates.length > 0) {
    const shown = fitting.length > 0 ? candidates : candidates.concat(differing);
    return { verdict: 'ambiguous', candidates: shown.sort(byContent) };
  }
  if (differing.length > 0) return { verdict: 'differs', candidates: differing };
  return { verdict: standing('commission').length > 0 ? 'commission' : 'none' };
}

/** Rows that may carry the claim's reference, on its account, in its currency. All others change nothing. */
const isRelated = (claim: PaymentClaim, row: Movement, rules: MatchRules): boolean =>
  row.currency === claim.currency &&
  !accountsConflict(claim.receivingAccount, row.account) &&
  relation(claim, row, rules) !== 'unrelated';

const relation = (claim: PaymentClaim, row: Movement, rules: MatchRules) =>
  relateReferences(
    claim.reference,
    row.reference === '' ? '' : asReported(row.reference, rules.referenceDigits),
    rules.referenceDigits,
  );

function judge(question: MatchQuestion, related: readonly Movement[], row: Movement): Judged {
  const { claim, rules } = question;
  if (row.direction === 'debit') return { row, standing: 'commission' };
  const twin = commissionTwin(related, row, rules);
  if (twin === 'commission') return { row, standing: 'commission' };

  const reference = relation(claim, row, rules);
  if (reference === 'unrelated') return { row, standing: 'unrelated' };
  const amountFits = withinTolerance(claim, row, question.tolerance);
  const doubts =
    dateDoubts(claim, row, reference) +
    Number(maskContradictsPhone(row.payerPhoneMask, claim.payerPhone)) +
    Number(!amountFits);
  if (doubts > DOUBTS_BORNE[reference]) return { row, standing: 'unrelated' };
  if (doubts === 0) return { row, standing: twin === 'no' ? 'fits' : 'rival' };
  return { row, standing: amountFits ? 'doubtful' : 'differs' };
}

const withinTolerance = (claim: PaymentClaim, row: Movement, tolerance: Tolerance): boolean => {
  const difference = row.amountMinor - claim.amountMinor;
  return difference >= -tolerance.underMinor && difference <= tolerance.overMinor;
};

/** The equal date is no doubt; a neighbouring day is none with a whole reference; any other day needs one. */
function dateDoubts(
  claim: PaymentClaim,
  row: Movement,
  reference: 'same' | 'compatible',
): 0 | 1 | 2 {
  const days = Math.abs(daysBetween(claim.paidOn, row.bankOn));
  if (days === 0) return 0;
  if (days === 1) return reference === 'same' ? 0 : 1;
  return 2;
}

/**
 * Whether a credit is the bank's commission on a larger one of the same reference and day. Banesco says in writing
 * that two rows may share a reference, one the payment and one its commission. Beyond the configured share, or where
 * only a tail says that the references are one, that is not sure: a person decides.
 */
function commissionTwin(related: readonly Movement[], row: Movement, rules: MatchRules): Twin {
  const k = rules.referenceDigits;
  let found: Twin = 'no';
  for (const larger of related) {
    const isPair =
      larger.direction === 'credit' &&
      larger.amountMinor > row.amountMinor &&
      larger.bankOn === row.bankOn &&
      !accountsConflict(larger.account, row.account);
    if (!isPair) continue;
    const within =
      row.amountMinor * 10_000n <= larger.amountMinor * BigInt(rules.commissionBasisPoints);
    const equal = equalReferences(row, larger, k);
    if (equal && within) return 'commission';
    if (equal || (within && relateRows(row, larger, k) === 'compatible')) found = 'unclear';
  }
  return found;
}

/** True for a debit of the same reference and amount, not older than the credit: the bank may have taken it back. */
export const takesBack = (debit: Movement, credit: Movement, rules: MatchRules): boolean =>
  debit.direction === 'debit' &&
  debit.currency === credit.currency &&
  debit.amountMinor === credit.amountMinor &&
  debit.bankOn >= credit.bankOn &&
  !accountsConflict(debit.account, credit.account) &&
  equalReferences(debit, credit, rules.referenceDigits);

const relateRows = (one: Movement, other: Movement, digits: number) =>
  relateReferences(asReported(one.reference, digits), asReported(other.reference, digits), digits);

/** True when two rows surely carry one reference, stripped zeros aside. */
export const equalReferences = (one: Movement, other: Movement, digits: number): boolean =>
  asReported(one.reference, digits) === asReported(other.reference, digits) ||
  relateRows(one, other, digits) === 'same';
