import { expectedVerdictAt } from './expected-verdict.js';
import { patienceMs, patienceShare } from './patience.js';
import { nextAsk, type Schedule } from './verification.schedule.js';
import type { Watch } from './watch.js';

/** What goes on at a credential, as far as it decides when one claim's turn comes. */
export interface Backlog {
  /** Calls before this claim's: those for its own merchant, and for each of the others. */
  readonly own: number;
  readonly ofOthers: readonly number[];
  readonly msPerCall: number;
  /** How large a share of the permits first asks take: the planner's own count. */
  readonly firstAskShare: number;
  /** Null where the bank grants no listings. */
  readonly listings: ListingRhythm | null;
  /** Nothing is sent until a person opens the gateway again. */
  readonly isClosed: boolean;
  /** For how long nothing is sent because the bank wants to be left alone; 0 when it does not. */
  readonly coolDownMs: number;
  /** For how long nothing is sent because the bank cannot be reached; 0 when it can. */
  readonly circuitOpenMs: number;
  /** When so much time has passed since an instant, without hours in which the bank is known to be in maintenance. */
  readonly openAfter: (from: Date, forMs: number) => Date;
  /** How long the latest verdicts at the bank took. */
  readonly delaysMs: readonly number[];
}

/** How often the bank lists the claim's day of late; infinite where it did not. */
export interface ListingRhythm {
  readonly everyMs: number;
}

/** What puts a look at the bank off, beside the claim's turn. */
export type HeldBy = 'gateway_closed' | 'maintenance_hours' | 'circuit_open' | 'cool_down';

/** What happens next to a transaction, and when. */
export interface Outlook {
  readonly action: 'ask' | 'await_answer' | 'bind' | 'decide' | 'none';
  readonly at: Date | null;
  readonly about: string | null;
  readonly ahead: number | null;
  /** When the bank will probably be asked next, about the claim alone or by a listing; null where nobody can say. */
  readonly expectedAt: Date | null;
  /** What the bank would be asked without, and sooner; null where it is nothing of the kind. */
  readonly heldBy: HeldBy | null;
  /** When a verdict is to be expected; null where nobody can say. */
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
  heldBy: null,
  verdictAt: null,
  latestAt: null,
} as const;

/** Since when a claim that is due then waits for company no longer: the planner's own rule. */
export const readyAtOf = (
  watch: Watch,
  dueAt: Date,
  { firstAskShare }: Pick<Backlog, 'firstAskShare'>,
): Date => new Date(dueAt.getTime() + patienceShare(firstAskShare) * patienceMs(watch, dueAt));

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
  const expectedAt = nextLookAt(watch, next.dueAt, backlog, now);
  return {
    action: 'ask',
    at: next.dueAt,
    about: next.askedOn,
    ahead: aheadOf(backlog),
    expectedAt,
    heldBy: heldBy(
      (without) => nextLookAt(watch, next.dueAt, { ...backlog, ...without }, now),
      backlog,
    ),
    verdictAt: expectedAt === null ? null : verdictFrom(expectedAt),
    latestAt:
      latestAt !== null && expectedAt !== null && latestAt < expectedAt ? expectedAt : latestAt,
  };
}

/** When the claim's own turn comes, or a listing that others bring about, whichever is first. */
function nextLookAt(watch: Watch, dueAt: Date, backlog: Backlog, now: Date): Date | null {
  if (backlog.isClosed) return null;
  const { coolDownMs, circuitOpenMs, listings, openAfter } = backlog;
  const openAt = new Date(now.getTime() + Math.max(coolDownMs, circuitOpenMs));
  // Half of all listings come sooner than this, when they come at no fixed times.
  const listedMs = Math.LN2 * (listings?.everyMs ?? Number.POSITIVE_INFINITY);
  const waits = [queuedMs(watch, backlog), listedMs].map((ms) =>
    Number.isFinite(ms) ? openAfter(openAt, ms).getTime() : ms,
  );
  const [queued = Number.POSITIVE_INFINITY, listed = Number.POSITIVE_INFINITY] = waits;
  // Without listings nobody waits for company.
  const readyAt = listings === null ? dueAt : readyAtOf(watch, dueAt, backlog);
  const soonestMs = Math.min(Math.max(readyAt.getTime(), queued), listed);
  return Number.isFinite(soonestMs) ? openAfter(new Date(soonestMs), 0) : null;
}

/** How long the calls before the claim's take. */
function queuedMs(watch: Watch, backlog: Backlog): number {
  const { listings, firstAskShare, msPerCall } = backlog;
  const isFirst = watch.asksStarted === 0 && watch.conclusive === 0;
  // First asks that come meanwhile go before repeats, and leave them what they do not take.
  const share = isFirst || listings !== null ? 1 : Math.max(0, 1 - firstAskShare);
  const ahead = aheadOf(backlog);
  return ahead === 0 ? 0 : (ahead * msPerCall) / share;
}

const ALWAYS_OPEN = {
  openAfter: (from: Date, forMs: number) => new Date(from.getTime() + forMs),
};
const REACHABLE = { coolDownMs: 0, circuitOpenMs: 0 };

/** What the look is put off by: the last of all, since it is what one waits for in the end. */
function heldBy(
  lookAtWithout: (without: Partial<Backlog>) => Date | null,
  { isClosed, coolDownMs, circuitOpenMs }: Backlog,
): HeldBy | null {
  if (isClosed) return 'gateway_closed';
  const at = lookAtWithout({});
  const differsFrom = (other: Date | null): boolean => at?.getTime() !== other?.getTime();
  if (differsFrom(lookAtWithout(ALWAYS_OPEN))) return 'maintenance_hours';
  if (!differsFrom(lookAtWithout(REACHABLE))) return null;
  return circuitOpenMs >= coolDownMs ? 'circuit_open' : 'cool_down';
}
