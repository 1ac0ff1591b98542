import { expectedVerdictAt } from './expected-verdict.js';
import { nextAsk, type Schedule } from './verification.schedule.js';
import type { Watch } from './watch.js';

/** Claims due before this one, by merchant, and how fast the contract lets the bank be asked. */
export interface Backlog {
  /** The claim's own merchant's. */
  readonly own: number;
  readonly ofOthers: readonly number[];
  readonly msPerCall: number;
  /** How long the latest verdicts at the bank took. */
  readonly delaysMs: readonly number[];
}

/** What happens next to a transaction, and when. */
export interface Outlook {
  readonly action: 'ask' | 'await_answer' | 'bind' | 'decide' | 'none';
  readonly at: Date | null;
  readonly about: string | null;
  readonly ahead: number | null;
  /** When the bank will probably be asked next. */
  readonly expectedAt: Date | null;
  /** When a verdict is to be expected. */
  readonly verdictAt: Date | null;
  readonly latestAt: Date | null;
}

/**
 * How many asks come first when merchants take turns: every earlier claim of the own merchant, and of each other
 * merchant as many as get their turn meanwhile.
 */
export const aheadOf = ({ own, ofOthers }: Pick<Backlog, 'own' | 'ofOthers'>): number =>
  ofOthers.reduce((sum, count) => sum + Math.min(count, own + 1), own);

const nothing = {
  at: null,
  about: null,
  ahead: null,
  expectedAt: null,
  verdictAt: null,
  latestAt: null,
} as const;

/** What can be foreseen of a transaction; the bank's own delay cannot. */
export function outlook(
  watch: Watch,
  backlog: Backlog,
  { schedule, now }: { readonly schedule: Schedule; readonly now: Date },
): Outlook {
  const visibleBy = new Date(watch.claim.visibleBy);
  const latestAt = watch.standing === 'pending' ? visibleBy : null;
  const since = new Date(watch.wordsSince);
  const verdictFrom = (nextAskAt: Date): Date =>
    expectedVerdictAt({ since, now, nextAskAt, latestAt }, backlog.delaysMs);
  if (watch.openProposal !== null) {
    return { ...nothing, action: 'bind', at: now, expectedAt: now, verdictAt: now };
  }
  if (watch.openAsk !== null) {
    const at = new Date(watch.openAsk.deadlineAt);
    const about = watch.openAsk.askedOn;
    return { ...nothing, action: 'await_answer', at, about, verdictAt: verdictFrom(now), latestAt };
  }
  if (watch.standing === 'in_review') return { ...nothing, action: 'decide' };
  const next = nextAsk(watch, schedule);
  if (next === null) return { ...nothing, action: 'none' };
  const ahead = aheadOf(backlog);
  const earliestMs = Math.max(next.dueAt.getTime(), now.getTime());
  const queuedMs = now.getTime() + ahead * backlog.msPerCall;
  const expectedAt = new Date(Math.max(earliestMs, queuedMs));
  return {
    action: 'ask',
    at: next.dueAt,
    about: next.askedOn,
    ahead,
    expectedAt,
    verdictAt: verdictFrom(expectedAt),
    latestAt: latestAt !== null && latestAt < expectedAt ? expectedAt : latestAt,
  };
}
