/** Failed attempts that are counted together. */
export interface Failures {
  readonly count: number;
  readonly lastAt: Date;
}

// A person who mistypes needs fewer; a program that guesses gets some 100 tries a day from one network.
const FREE_FAILURES = 5;
const FIRST_HOLD_MS = 30_000;
const LONGEST_HOLD_MS = 15 * 60_000;
// From everywhere together: beyond this somebody guesses from many networks at once.
const FREE_FAILURES_ANYWHERE = 50;
const FORGOTTEN_AFTER_MS = 24 * 3600 * 1000;

/** Failures that still count; older ones are forgotten. */
export const stillCounting = (failures: Failures | null, now: Date): number =>
  failures === null || now.getTime() - failures.lastAt.getTime() >= FORGOTTEN_AFTER_MS
    ? 0
    : failures.count;

const holdMs = (count: number, free: number): number =>
  count < free ? 0 : Math.min(FIRST_HOLD_MS * 2 ** Math.min(count - free, 10), LONGEST_HOLD_MS);

const rest = (failures: Failures | null, free: number, now: Date): number => {
  const hold = holdMs(stillCounting(failures, now), free);
  return failures === null ? 0 : Math.max(0, failures.lastAt.getTime() + hold - now.getTime());
};

/**
 * How long a sign-in must wait, in milliseconds; 0: not at all. What fails from one network holds that network alone,
 * and what fails from everywhere holds only networks that the account was never used from: nobody can lock its owner
 * out by failing on purpose.
 */
export function holdOf(
  {
    here,
    anywhere,
    knownHere,
  }: {
    readonly here: Failures | null;
    readonly anywhere: Failures | null;
    readonly knownHere: boolean;
  },
  now: Date,
): number {
  const byNetwork = rest(here, FREE_FAILURES, now);
  const byAccount = knownHere ? 0 : rest(anywhere, FREE_FAILURES_ANYWHERE, now);
  return Math.max(byNetwork, byAccount);
}
