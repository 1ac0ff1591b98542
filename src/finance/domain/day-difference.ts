import type { DayFigures, Figure } from '../events/day-closed.event.js';

const NOTHING: Figure = { count: 0, minor: '0' };

const less = (now: Figure, then: Figure): Figure => ({
  count: now.count - then.count,
  minor: (BigInt(now.minor) - BigInt(then.minor)).toString(),
});

/** Unknown where one of both is: nobody can say how far nothing is from something. */
const lessIfKnown = (now: Figure | null, then: Figure | null): Figure | null =>
  now === null || then === null ? null : less(now, then);

const isNothing = (figure: Figure | null): boolean =>
  figure === null || (figure.count === 0 && figure.minor === '0');

/** Figures of a currency in which nothing has happened; what is unknown of the day stays so. */
const noneOf = ({ currency, ...other }: DayFigures): DayFigures => ({
  currency,
  creditsAtBank: other.creditsAtBank === null ? null : NOTHING,
  claimed: NOTHING,
  unclaimed: other.unclaimed === null ? null : NOTHING,
  claimedButAbsent: NOTHING,
  openClaims: NOTHING,
});

function differenceOf(now: DayFigures, then: DayFigures): DayFigures {
  return {
    currency: now.currency,
    creditsAtBank: lessIfKnown(now.creditsAtBank, then.creditsAtBank),
    claimed: less(now.claimed, then.claimed),
    unclaimed: lessIfKnown(now.unclaimed, then.unclaimed),
    claimedButAbsent: less(now.claimedButAbsent, then.claimedButAbsent),
    openClaims: less(now.openClaims, then.openClaims),
  };
}

const differs = (now: DayFigures, then: DayFigures, by: DayFigures): boolean =>
  [by.creditsAtBank, by.claimed, by.unclaimed, by.claimedButAbsent, by.openClaims].some(
    (figure) => !isNothing(figure),
  ) ||
  // Something became known, or is no longer.
  (now.creditsAtBank === null) !== (then.creditsAtBank === null);

/** What became of a day since it was closed: now less then, for each currency in which they differ. */
export function differencesOf(
  now: readonly DayFigures[],
  then: readonly DayFigures[],
): readonly DayFigures[] {
  const currencies = [...new Set([...now, ...then].map(({ currency }) => currency))].sort();
  return currencies.flatMap((currency) => {
    const is = now.find((one) => one.currency === currency);
    const was = then.find((one) => one.currency === currency);
    const either = is ?? was;
    if (either === undefined) return [];
    const [here, there] = [is ?? noneOf(either), was ?? noneOf(either)];
    const by = differenceOf(here, there);
    return differs(here, there, by) ? [by] : [];
  });
}
