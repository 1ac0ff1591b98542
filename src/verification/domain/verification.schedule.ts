import { addDays, localDateAt, startOfDay, type LocalDate } from '../../kernel/local-date.js';
import type { Watch } from './watch.js';

/** When to ask again; all of it configuration. */
export interface Schedule {
  /** Delays before the first, second, … ask, each counted from the answer before. */
  readonly delaysSeconds: readonly number[];
  /** The delay once those are used up; it grows with the claim's age, to six times as long. */
  readonly everySeconds: number;
  /** The delay after expiry, until the claim is matched no more. */
  readonly lateEverySeconds: number;
  /** Delays after the first, second, … failure in a row; the last one stays. */
  readonly failureDelaysSeconds: readonly number[];
}

/** The next ask: from when on, and about which day. */
export interface NextAsk {
  readonly dueAt: Date;
  readonly askedOn: LocalDate;
}

// What did not show for hours seldom shows in the next one: an ask waits half as long again as the claim has waited.
const SHARE_OF_AGE = 1 / 2;
const MOST_TIMES_EVERY = 6;

const atMs = (instant: string): number => Date.parse(instant);

/**
 * When the bank is to be asked next, and about which day; null while something is under way, and once no answer
 * could change anything. A failed ask is repeated soon and uses up no step, since it said nothing.
 */
export function nextAsk(watch: Watch, schedule: Schedule): NextAsk | null {
  const isMachines = watch.standing === 'pending' || watch.standing === 'expired';
  if (!isMachines || watch.openAsk !== null || watch.openProposal !== null) return null;
  const next =
    onRequest(watch) ??
    (watch.failures > 0 ? afterFailure(watch, schedule) : afterAnswer(watch, schedule));
  const over = watch.standing === 'expired' && next.dueAt.getTime() > atMs(watch.claim.matchUntil);
  return over ? null : next;
}

/** The merchant's wish comes before every delay; the quota and a bank that cools down still hold. */
const onRequest = ({ requestedAt, claim }: Watch): NextAsk | null =>
  requestedAt === null
    ? null
    : { dueAt: new Date(atMs(requestedAt)), askedOn: claim.paidOn as LocalDate };

function afterFailure(watch: Watch, { failureDelaysSeconds }: Schedule): NextAsk {
  const step = Math.min(watch.failures, failureDelaysSeconds.length) - 1;
  const delayMs = Math.max((failureDelaysSeconds[step] ?? 0) * 1_000, watch.retryAfterMs ?? 0);
  return {
    dueAt: new Date(atMs(watch.countedFrom) + delayMs),
    askedOn: watch.claim.paidOn as LocalDate,
  };
}

function afterAnswer(watch: Watch, schedule: Schedule): NextAsk {
  const from = atMs(watch.countedFrom);
  const paidOn = watch.claim.paidOn as LocalDate;
  const listed =
    watch.standing === 'pending' ? schedule.delaysSeconds[watch.conclusive] : undefined;
  if (listed !== undefined) return { dueAt: new Date(from + listed * 1_000), askedOn: paidOn };

  const neighbour = neighbourToTry(watch, new Date(from));
  if (neighbour !== null) {
    // Soon, but not on the heels of the last answer: a bank may count per claim too.
    const soonMs = (schedule.delaysSeconds[1] ?? schedule.everySeconds) * 1_000;
    return { dueAt: new Date(from + soonMs), askedOn: neighbour };
  }
  if (watch.standing === 'expired') {
    return { dueAt: new Date(from + schedule.lateEverySeconds * 1_000), askedOn: paidOn };
  }
  return {
    dueAt: new Date(beforeDeadline(watch, from + rareDelayMs(watch, schedule))),
    askedOn: paidOn,
  };
}

/** The delay once the schedule is used up; past the deadline an answer is wanted soon again. */
function rareDelayMs(
  { countedFrom, wordsSince, claim }: Watch,
  { everySeconds }: Schedule,
): number {
  const leastMs = everySeconds * 1_000;
  if (atMs(countedFrom) >= atMs(claim.visibleBy)) return leastMs;
  const waitedMs = atMs(countedFrom) - atMs(wordsSince);
  return Math.min(MOST_TIMES_EVERY * leastMs, Math.max(leastMs, SHARE_OF_AGE * waitedMs));
}

/** The answer that lets a claim expire must come after its visibility deadline: one ask is due right behind it. */
const beforeDeadline = ({ claim, countedFrom }: Watch, dueMs: number): number => {
  const visibleByMs = atMs(claim.visibleBy);
  return atMs(countedFrom) < visibleByMs ? Math.min(dueMs, visibleByMs + 1) : dueMs;
};

/** The day before and the day after are each tried once, in case the payer took the wrong date; never a future one. */
function neighbourToTry({ claim, neighbours }: Watch, now: Date): LocalDate | null {
  const paidOn = claim.paidOn as LocalDate;
  const untried = [addDays(paidOn, -1), addDays(paidOn, 1)].filter(
    (on) => !neighbours.includes(on) && startOfDay(on) <= startOfDay(localDateAt(now)),
  );
  return untried[0] ?? null;
}
