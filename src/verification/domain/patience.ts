import type { Watch } from './watch.js';

// What an immediate credit needs to show: a first ask that comes sooner is often made in vain.
const FIRST_MS = 15_000;
// A claim waits beyond its time at most this many times as long as it has waited already, so that no verdict comes
// later by more than a known factor. Measured with bench:verification; decision 45 has the figures.
const TIMES_ITS_AGE = 4;
const LONGEST_MS = 2 * 3_600_000;
// The merchant is promised an end soon after the deadline.
const LONGEST_PAST_DEADLINE_MS = 30 * 60_000;
// Where first asks take this share of all permits, every call in vain makes somebody wait.
const SCARCE_SHARE = 1 / 3;

/**
 * How long an ask may be put off beyond the time when it is due, where permits are scarce: a listing that another claim
 * of its account brings about answers it too. Nothing is put off that the merchant wants now, or that failed before.
 */
export function patienceMs(watch: Watch, dueAt: Date): number {
  if (watch.requestedAt !== null || watch.failures > 0) return 0;
  if (watch.asksStarted === 0 && watch.conclusive === 0) return FIRST_MS;
  const dueMs = dueAt.getTime();
  const isPastDeadline = watch.standing === 'pending' && dueMs > Date.parse(watch.claim.visibleBy);
  const longestMs = isPastDeadline ? LONGEST_PAST_DEADLINE_MS : LONGEST_MS;
  const waitedMs = Math.max(0, dueMs - Date.parse(watch.wordsSince));
  return Math.min(longestMs, TIMES_ITS_AGE * waitedMs);
}

/**
 * Which share of its patience a claim must have: none while permits are plentiful, all of it from where first asks
 * take a third of them.
 */
export const patienceShare = (shareOfFirstAsks: number): number =>
  Math.min(1, shareOfFirstAsks / SCARCE_SHARE);
