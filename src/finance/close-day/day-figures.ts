import type { DayCoverage, DayFigures, Figure } from '../events/day-closed.event.js';

/** Raised when the same facts would come to other figures; what was closed before stays what it says it is. */
export const CLOSE_REPORT_VERSION = 1;

/** What the claims of a day come to in one currency. */
export interface ClaimedSums {
  readonly currency: string;
  readonly claimedButAbsent: Figure;
  readonly openClaims: Figure;
}

/** What the bank's movements of a day come to in one currency. */
export interface MovementSums {
  readonly currency: string;
  readonly claimed: Figure;
  readonly unclaimed: Figure;
}

/** The figures of a day, read at one place in the log. */
export interface ReadFigures {
  readonly position: string;
  readonly reportVersion: number;
  readonly coverage: DayCoverage;
  readonly figures: readonly DayFigures[];
}

const NOTHING: Figure = { count: 0, minor: '0' };

const sumOf = (one: Figure, other: Figure): Figure => ({
  count: one.count + other.count,
  minor: (BigInt(one.minor) + BigInt(other.minor)).toString(),
});

/**
 * Puts both sides of a day together, currency by currency. Of a day that the bank has never listed only those credits
 * are known that somebody asked about: how many there are, and what nobody claimed, is unknown then.
 */
export function figuresOf(
  claims: readonly ClaimedSums[],
  movements: readonly MovementSums[],
  coverage: DayCoverage,
): readonly DayFigures[] {
  const currencies = new Set([...claims, ...movements].map(({ currency }) => currency));
  return [...currencies].sort().map((currency): DayFigures => {
    const claim = claims.find((one) => one.currency === currency);
    const movement = movements.find((one) => one.currency === currency);
    const claimed = movement?.claimed ?? NOTHING;
    const unclaimed = movement?.unclaimed ?? NOTHING;
    const isListed = coverage !== 'none';
    return {
      currency,
      creditsAtBank: isListed ? sumOf(claimed, unclaimed) : null,
      claimed,
      unclaimed: isListed ? unclaimed : null,
      claimedButAbsent: claim?.claimedButAbsent ?? NOTHING,
      openClaims: claim?.openClaims ?? NOTHING,
    };
  });
}
