import { addDays, daysBetween, type LocalDate } from '../../kernel/local-date.js';

/** The claim of one merchant that is due the longest. */
export interface DueHead {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly dueAt: Date;
  /** The day that it is due about. */
  readonly askedOn?: string;
  readonly watch: {
    readonly standing: string;
    /** Set while the merchant wants this one asked about before its others. */
    readonly requestedAt?: string | null;
    readonly claim?: { readonly receivingAccountId: string };
  };
}

/** How many claims of one account are due about one day. */
export interface DueDay {
  readonly receivingAccountId: string;
  readonly merchantId: string;
  readonly day: LocalDate;
  readonly claims: number;
}

/** Days of one account, both ends included. */
export interface DayRange {
  readonly receivingAccountId: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Everything the policy looks at; what it does not see cannot sway it. */
export interface Situation<Head extends DueHead> {
  /** One per merchant. */
  readonly heads: readonly Head[];
  readonly days: readonly DueDay[];
  /** Null where listing is not granted. */
  readonly listing: { readonly maxDays: number } | null;
  /** Ranges that the bank called too large; a range that holds one is not listed. */
  readonly tooLarge: readonly DayRange[];
  /** The number of each merchant's last turn, and how many there were. */
  readonly lastTurns: ReadonlyMap<string, number>;
  readonly turns: number;
  /** Today at the bank: no listing asks about a day to come. */
  readonly today: LocalDate;
}

/** What the next free permit is for. */
export type Call<Head extends DueHead> =
  | { readonly call: 'look_up'; readonly merchantId: string; readonly head: Head }
  | {
      readonly call: 'sweep';
      readonly merchantId: string;
      readonly range: DayRange;
      /** How many due claims it can settle. */
      readonly settles: number;
    };

// Below this a listing settles no more than a look-up, which says more about its one claim.
const WORTH_A_SWEEP = 2;

/**
 * Gives the permit to the call that settles most, weighed against how many turns its merchant has waited: the weight
 * of what a call settles grows slowly, that of waiting without bound, so nobody starves behind a large merchant.
 * Pending claims come before expired ones.
 */
export function planCall<Head extends DueHead>(situation: Situation<Head>): Call<Head> | null {
  const sweeps = bestSweeps(situation);
  const [first] = situation.heads
    .map((head) => {
      const { merchantId } = head;
      const best = sweeps.get(merchantId) ?? null;
      // What the merchant wishes for takes the merchant's own turn: it gains no more of them by it.
      const sweep = best === null || !isHurried(head) || holds(best, head) ? best : null;
      const waited = situation.turns - (situation.lastTurns.get(merchantId) ?? -1);
      const weight = 1 + Math.log2(sweep?.settles ?? 1);
      const call: Call<Head> = sweep ?? { call: 'look_up', merchantId, head };
      return { call, head, score: waited * weight };
    })
    .sort(
      (one, other) =>
        Number(isLate(one.head)) - Number(isLate(other.head)) ||
        other.score - one.score ||
        one.head.dueAt.getTime() - other.head.dueAt.getTime() ||
        (one.head.transactionId < other.head.transactionId ? -1 : 1),
    );
  return first?.call ?? null;
}

const isHurried = ({ watch }: DueHead): boolean => (watch.requestedAt ?? null) !== null;

const isLate = (head: DueHead): boolean => head.watch.standing === 'expired' && !isHurried(head);

/** True when a listing answers for a claim too. */
const holds = ({ range }: Sweep, { askedOn = '', watch }: DueHead): boolean =>
  watch.claim?.receivingAccountId === range.receivingAccountId &&
  askedOn >= range.from &&
  askedOn <= range.to;

type Sweep = Extract<Call<DueHead>, { call: 'sweep' }>;

/** Of each merchant the listing that settles most; of equal ones that of the fewest days, then the earliest. */
function bestSweeps<Head extends DueHead>(situation: Situation<Head>): Map<string, Sweep> {
  const best = new Map<string, Sweep>();
  if (situation.listing === null) return best;
  for (const first of situation.days) {
    const sweep = sweepFrom(first, situation.listing.maxDays, situation);
    const rival = best.get(first.merchantId);
    const wins = rival === undefined || isBetter(sweep, rival);
    if (sweep.settles >= WORTH_A_SWEEP && wins) best.set(first.merchantId, sweep);
  }
  return best;
}

/** The listing from a day on that settles most. */
function sweepFrom<Head extends DueHead>(
  first: DueDay,
  maxDays: number,
  situation: Situation<Head>,
): Sweep {
  const { receivingAccountId, merchantId } = first;
  const reachable = situation.days.filter(
    ({ day, ...other }) =>
      other.receivingAccountId === receivingAccountId &&
      day >= first.day &&
      daysBetween(first.day, day) < maxDays,
  );
  let sweep: Sweep = {
    call: 'sweep',
    merchantId,
    range: { receivingAccountId, from: first.day, to: first.day },
    settles: 0,
  };
  for (const { day: to } of reachable) {
    const range = { receivingAccountId, from: first.day, to };
    const within = reachable.filter(({ day }) => day <= to);
    const settles = isTooLarge(range, situation)
      ? 0
      : within.reduce((sum, { claims }) => sum + claims, 0);
    const larger: Sweep = { call: 'sweep', merchantId, range, settles };
    if (isBetter(larger, sweep)) sweep = larger;
  }
  return { ...sweep, range: withNeighbours(sweep.range, maxDays, situation) };
}

const length = ({ from, to }: DayRange): number => daysBetween(from, to);

const isBetter = (one: Sweep, other: Sweep): boolean =>
  one.settles !== other.settles
    ? one.settles > other.settles
    : length(one.range) !== length(other.range)
      ? length(one.range) < length(other.range)
      : one.range.from < other.range.from;

const isTooLarge = <Head extends DueHead>(
  range: DayRange,
  { tooLarge }: Situation<Head>,
): boolean =>
  tooLarge.some(
    (known) =>
      known.receivingAccountId === range.receivingAccountId &&
      known.from >= range.from &&
      known.to <= range.to,
  );

/** The neighbouring days come along where they cost nothing: they let claims expire, and find wrong dates. */
function withNeighbours<Head extends DueHead>(
  range: DayRange,
  maxDays: number,
  situation: Situation<Head>,
): DayRange {
  const after = addDays(range.to, 1);
  const wider = {
    ...range,
    from: addDays(range.from, -1),
    to: after <= situation.today ? after : range.to,
  };
  return length(wider) < maxDays && !isTooLarge(wider, situation) ? wider : range;
}
