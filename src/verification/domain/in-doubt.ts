import type { BankOutcome } from '../../matching/bank-answer.js';
import type { Watch } from './watch.js';

/** After these the bank may have told of the payment without our knowing it: rows that nobody followed up, too. */
const PERHAPS_TOLD: ReadonlySet<BankOutcome | null> = new Set([
  'found',
  'outcome_unknown',
  'unavailable',
  'already_reconciled',
]);

type Asked = Partial<Pick<Watch, 'failures' | 'lastOutcome'>>;

/**
 * Whether a look-up of the claim may have had its effect at the bank although its answer never led to anything. A
 * listing does not end the doubt: it may show a payment later than a look-up does.
 */
export const isInDoubt = ({ failures = 0, lastOutcome = null }: Asked): boolean =>
  failures > 0 || PERHAPS_TOLD.has(lastOutcome);
