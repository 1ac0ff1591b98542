import { addDays, daysBetween, type LocalDate } from '../../src/kernel/local-date.js';

/** What an offline planner must reach: a call that tells of these days of the account, within these times. */
export interface Need {
  readonly account: string;
  /** The days that a listing must hold to settle it, both included; a look-up settles it whatever they are. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What the bank lists: how many rows a day has at a time, and the most that one answer holds. */
export interface Listing {
  readonly rows: (account: string, day: LocalDate, atMs: number) => number;
  readonly ceiling: number;
  readonly maxDays: number;
}

/**
 * The calls of a planner that knows when each credit shows, makes no call in vain, and settles every claim no later than
 * it was settled: so it gains nothing by letting anybody wait, and the same promptness is asked of both.
 *
 * It goes by the rule that is the least for intervals: the call is made at the last moment of the need that ends first,
 * and takes along whatever else it can answer. It lists under the bank's own rules: days in a row, no more of them and
 * no more rows than one answer holds; a need whose days do not fit gets a look-up of its own, as each does where the
 * bank lists nothing (`listing` is null). Neither the contract's rate nor calls for tokens bind it.
 */
export function offlineCalls(needs: readonly Need[], listing: Listing | null): number {
  if (listing === null) return needs.length;
  let calls = 0;
  for (const account of new Set(needs.map((need) => need.account))) {
    let left = needs
      .filter((need) => need.account === account)
      .sort((one, other) => one.untilMs - other.untilMs);
    for (let first = left[0]; first !== undefined; first = left[0]) {
      const settled = settledWith(first, left, listing);
      left = left.filter((need) => !settled.has(need));
      calls += 1;
    }
  }
  return calls;
}

/** All that the best call at the end of the first need settles, the first among them. */
function settledWith(
  first: Need,
  needs: readonly Need[],
  { rows, ceiling, maxDays }: Listing,
): ReadonlySet<Need> {
  const { account, untilMs } = first;
  const open = needs.filter((need) => need.fromMs <= untilMs);
  const days = [...new Set(open.flatMap(({ from, to }) => [from, to]))].sort();
  let best: readonly Need[] = [first];
  for (const from of days.filter((day) => day <= first.from)) {
    for (const to of days.filter((day) => day >= first.to)) {
      if (daysBetween(from, to) >= maxDays) break;
      if (filled(from, to, (day) => rows(account, day, untilMs)) > ceiling) break;
      const within = open.filter((need) => need.from >= from && need.to <= to);
      if (within.length > best.length) best = within;
    }
  }
  return new Set(best);
}

function filled(from: LocalDate, to: LocalDate, rows: (day: LocalDate) => number): number {
  let sum = 0;
  for (let day = from; day <= to; day = addDays(day, 1)) sum += rows(day);
  return sum;
}
