// Long enough to even out a quiet quarter of an hour, short enough to follow a day's rush.
const REMEMBERED_MS = 30 * 60_000;

/** How often something happened of late: each time counts less the longer ago it was. */
export interface Demand {
  readonly perMs: number;
  readonly atMs: number;
}

export const noDemand: Demand = { perMs: 0, atMs: 0 };

/** How often it happens, as seen at an instant. */
export const ratePerMs = ({ perMs, atMs }: Demand, nowMs: number): number =>
  perMs * Math.exp((atMs - nowMs) / REMEMBERED_MS);

/** With one more that just happened. */
export const oneMore = (demand: Demand, nowMs: number): Demand => ({
  perMs: ratePerMs(demand, nowMs) + 1 / REMEMBERED_MS,
  atMs: nowMs,
});
