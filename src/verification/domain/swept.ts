import { addDays, localDateAt, type LocalDate } from '../../kernel/local-date.js';
import type { BankOutcome } from '../../matching/bank-answer.js';
import type { SweepAnswered } from '../record-sweep/sweep-answered.event.js';
import { nextAsk, type Schedule } from './verification.schedule.js';
import type { Watch } from './watch.js';

/** A listing that came to its end. */
export type EndedSweep = Pick<
  SweepAnswered,
  'sweepId' | 'receivingAccountId' | 'from' | 'to' | 'outcome' | 'durationMs' | 'answeredAt'
>;

/** Listings that tell what the bank shows; an empty one tells it too. */
const CONCLUSIVE: ReadonlySet<BankOutcome> = new Set(['found', 'not_visible_yet']);

/** True when a listing, had the bank shown the payment on a day, would have held it. */
function wouldShow(
  sweep: EndedSweep,
  { claim, standing, wordsSince }: Watch,
  day: string,
): boolean {
  const beganMs = Date.parse(sweep.answeredAt) - sweep.durationMs;
  return (
    CONCLUSIVE.has(sweep.outcome) &&
    (standing === 'pending' || standing === 'expired') &&
    claim.receivingAccountId === sweep.receivingAccountId &&
    day >= sweep.from &&
    day <= sweep.to &&
    Date.parse(wordsSince) <= beganMs
  );
}

/** True when a listing, had the bank shown the payment on the claimed day, would have held it. */
export const covers = (sweep: EndedSweep, watch: Watch): boolean =>
  wouldShow(sweep, watch, watch.claim.paidOn);

/** Which of the days beside the claimed one a listing held; a day to come has nothing to hold. */
const neighboursIn = (sweep: EndedSweep, paidOn: LocalDate): readonly LocalDate[] =>
  [addDays(paidOn, -1), addDays(paidOn, 1)].filter((day) => day >= sweep.from && day <= sweep.to);

/**
 * True when the listing lets a pending claim expire that it held nothing of: given after the visibility deadline, over
 * the claimed day and both its neighbours (product.md, section 2).
 */
export function mayExpire(sweep: EndedSweep, watch: Watch): boolean {
  const paidOn = watch.claim.paidOn as LocalDate;
  const answeredAt = new Date(sweep.answeredAt);
  const past = addDays(paidOn, 1) <= localDateAt(answeredAt) ? 2 : 1;
  return (
    watch.standing === 'pending' &&
    watch.openAsk === null &&
    watch.lastProposed === null &&
    covers(sweep, watch) &&
    answeredAt.getTime() > Date.parse(watch.claim.visibleBy) &&
    neighboursIn(sweep, paidOn).length >= past
  );
}

/**
 * The claim after a listing that covered it. It stands for the ask that was due; one that came before the ask was due
 * only puts it off, so that many listings in a row do not use the schedule up. A listing of nothing but the
 * neighbouring day that was to be asked about is that ask.
 */
export function afterSweep(watch: Watch, sweep: EndedSweep, schedule: Schedule): Watch {
  if (watch.openAsk !== null || watch.openProposal !== null) return watch;
  const next = nextAsk(watch, schedule);
  const wasDue = next !== null && next.dueAt.getTime() <= Date.parse(sweep.answeredAt);
  const isCovered = covers(sweep, watch);
  if (!isCovered && !(wasDue && wouldShow(sweep, watch, next.askedOn))) return watch;
  const neighbours = neighboursIn(sweep, watch.claim.paidOn as LocalDate);
  return {
    ...watch,
    conclusive: watch.conclusive + Number(isCovered && wasDue),
    failures: 0,
    neighbours: [...new Set([...watch.neighbours, ...neighbours])],
    countedFrom: sweep.answeredAt,
    retryAfterMs: null,
    requestedAt: null,
  };
}
