import { nextAsk, type Schedule } from './verification.schedule.js';
import type { Watch } from './watch.js';

/** Claims due before this one, by merchant, and how fast the contract lets the bank be asked. */
export interface Backlog {
  /** The claim's own merchant's. */
  readonly own: number;
  readonly ofOthers: readonly number[];
  readonly msPerCall: number;
}

/** What happens next to a transaction, and when. */
export interface Outlook {
  readonly action: 'ask' | 'await_answer' | 'bind' | 'decide' | 'none';
  readonly at: Date | null;
  readonly about: string | null;
  readonly ahead: number | null;
  readonly expectedAt: Date | null;
  readonly latestAt: Date | null;
}

/**
 * How many asks come first when merchants take turns: every earlier claim of the own merchant, and of each other
 * merchant as many as get their turn meanwhile.
 */
export const aheadOf = ({ own, ofOthers }: Backlog): number =>
  ofOthers.reduce((sum, count) => sum + Math.min(count, own + 1), own);

const nothing = { at: null, about: null, ahead: null, expectedAt: null, latestAt: null } as const;

/** What can be foreseen of a transaction; the bank's own delay cannot. */
export function outlook(
  watch: Watch,
  backlog: Backlog,
  { schedule, now }: { readonly schedule: Schedule; readonly now: Date },
): Outlook {
  const visibleBy = new Date(watch.claim.visibleBy);
  const latestAt = watch.standing === 'pending' ? visibleBy : null;
  if (watch.openProposal !== null) return { ...nothing, action: 'bind', at: now, expectedAt: now };
  if (watch.openAsk !== null) {
    const at = new Date(watch.openAsk.deadlineAt);
    return { ...nothing, action: 'await_answer', at, about: watch.openAsk.askedOn, latestAt };
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
    latestAt: latestAt !== null && latestAt < expectedAt ? expectedAt : latestAt,
  };
}
