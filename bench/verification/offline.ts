/** What an offline planner must reach: a look at the account's day within these times, both ends included. */
export interface Need {
  readonly account: string;
  readonly day: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * The fewest calls that verify every claim no later than it was verified, for one who knows when each credit shows:
 * one listing may answer several claims of one account whose times overlap, up to the listing's ceiling of rows. Taking
 * the earliest end first is the least number for intervals; the rows of a day are taken as all of that day's, so that
 * days are listed together only where they fit. Without listings every claim needs a call of its own.
 */
export function offlineCalls(
  needs: readonly Need[],
  rows: (account: string, day: string, atMs: number) => number,
  ceiling: number | null,
): number {
  if (ceiling === null) return needs.length;
  let calls = 0;
  for (const account of new Set(needs.map((need) => need.account))) {
    const open = needs
      .filter((need) => need.account === account)
      .sort((one, other) => one.untilMs - other.untilMs);
    let left = open;
    for (let first = left[0]; first !== undefined; first = left[0]) {
      const { untilMs } = first;
      const days = daysInOneListing(first, left, (day) => rows(account, day, untilMs) / ceiling);
      left = left.filter((need) => need.fromMs > untilMs || !days.has(need.day));
      calls += 1;
    }
  }
  return calls;
}

/** The days around the first need's that can be listed with it at its end. */
function daysInOneListing(
  { day, untilMs }: Need,
  needs: readonly Need[],
  fill: (day: string) => number,
): ReadonlySet<string> {
  const wanted = new Set(needs.filter((need) => need.fromMs <= untilMs).map((need) => need.day));
  const days = new Set([day]);
  let full = fill(day);
  for (const other of [...wanted].sort().reverse()) {
    if (days.has(other) || full + fill(other) > 1) continue;
    days.add(other);
    full += fill(other);
  }
  return days;
}
