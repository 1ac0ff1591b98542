import { addDays, daysBetween, type LocalDate } from '../../kernel/local-date.js';
import { isInDoubt } from './in-doubt.js';
import type { Watch } from './watch.js';

/** The claim of one merchant that has been ready the longest. */
export interface DueHead {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly dueAt: Date;
  /** Since when it waits for company no longer. */
  readonly readyAt?: Date;
  /** The day that it is due about. */
  readonly askedOn?: string;
  readonly watch: {
    readonly standing: string;
    /** Set while the merchant wants this one asked about before its others. */
    readonly requestedAt?: string | null;
    readonly failures?: number;
    readonly lastOutcome?: Watch['lastOutcome'];
    readonly claim?: {
      readonly receivingAccountId: string;
      readonly amountMinor?: number;
      readonly visibleBy?: string;
    };
  };
}

/** How many claims of one merchant are due about one day of one account. */
export interface DueDay {
  readonly receivingAccountId: string;
  readonly merchantId: string;
  readonly day: LocalDate;
  readonly claims: number;
  /** Those of them that wait for company no longer. */
  readonly ready?: number;
  /** Those due and the ones that are not due yet: a listing answers for all of them. */
  readonly waiting?: number;
  /** Whether one of those due was never asked about. */
  readonly hasFresh?: boolean;
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
  /** Whether the bank marks a payment as told when it is looked up; left out, it does not. */
  readonly lookUpHasSideEffects?: boolean;
  /** Ranges that the bank called too large; a range that holds one is not listed. */
  readonly tooLarge: readonly DayRange[];
  /** The number of each merchant's last turn, and how many there were. */
  readonly lastTurns: ReadonlyMap<string, number>;
  readonly turns: number;
  /** Today at the bank: no listing asks about a day to come. */
  readonly today: LocalDate;
  /** Null where how long claims have been due is not to be weighed. */
  readonly now?: Date | null;
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
      /** Whether one of them was never asked about. */
      readonly hasFresh: boolean;
    };

// Below this a listing answers no more than a look-up, which says more about its one claim.
const WORTH_A_SWEEP = 2;
const MINUTE_MS = 60_000;

/**
 * Gives the permit to the call that settles most, weighed against how many turns its merchant has waited, how long the
 * claim has been due and, lightly, what is at stake: the weight of what a call settles grows slowly, that of waiting
 * without bound, so nobody starves behind a large merchant, and a large merchant waits in measure of its share.
 * Pending claims come before expired ones. Null when nothing is ready to be asked about.
 */
export function planCall<Head extends DueHead>(situation: Situation<Head>): Call<Head> | null {
  const sweeps = bestSweeps(situation);
  const [first] = situation.heads
    .flatMap((head) => {
      const call = bestCall(head, sweeps.get(head.merchantId) ?? null, situation);
      return call === null ? [] : [{ call, head, score: scoreOf(call, head, situation) }];
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

function bestCall<Head extends DueHead>(
  head: Head,
  best: BestSweep | null,
  situation: Situation<Head>,
): Call<Head> | null {
  if (needsListing(head, situation)) return listingOf(head, situation);
  // What the merchant wishes for takes the merchant's own turn: it gains no more of them by it.
  const isFit = best !== null && (!isHurried(head) || holds(best.call, head));
  return isFit && best.answers >= WORTH_A_SWEEP && !endsOnlyByLookUp(head, situation)
    ? best.call
    : { call: 'look_up', merchantId: head.merchantId, head };
}

/**
 * Whether only a listing may settle the claim: a look-up of it may have had its effect, and the bank would answer the
 * next one that it told of the payment before. Past the deadline an end is worth that answer; so it is where the day
 * cannot be listed.
 */
export function needsListing<Head extends DueHead>(
  head: Head,
  situation: Omit<Situation<Head>, 'heads' | 'days' | 'lastTurns' | 'turns'>,
): boolean {
  const { listing, lookUpHasSideEffects = false, now = null } = situation;
  const { askedOn, watch } = head;
  if (!lookUpHasSideEffects || listing === null || !isInDoubt(watch)) return false;
  if (askedOn === undefined || watch.claim === undefined) return false;
  const { receivingAccountId, visibleBy } = watch.claim;
  const isPast = now !== null && visibleBy !== undefined && now.getTime() > Date.parse(visibleBy);
  const day = askedOn as LocalDate;
  return !isPast && !isTooLarge({ receivingAccountId, from: day, to: day }, situation);
}

/** The listing of the claim's own day; null while its account is not to be listed. */
function listingOf<Head extends DueHead>(head: Head, situation: Situation<Head>): Sweep | null {
  const account = head.watch.claim?.receivingAccountId;
  const own = situation.days.find(
    ({ receivingAccountId, day }) => receivingAccountId === account && day === head.askedOn,
  );
  if (own === undefined || situation.listing === null) return null;
  const sweep = sweepFrom({ ...own, merchantId: head.merchantId }, 1, situation);
  return { ...sweep, settles: Math.max(1, sweep.settles) };
}

/**
 * A listing lets a claim expire only with both neighbouring days in it. Where the bank calls that too large, or lists
 * fewer days at once, no number of listings of the day alone would ever end the claim, and one look-up does.
 */
function endsOnlyByLookUp<Head extends DueHead>(
  { askedOn, watch: { standing, claim } }: Head,
  situation: Situation<Head>,
): boolean {
  const { listing, now = null, today } = situation;
  if (standing !== 'pending' || now === null || askedOn === undefined) return false;
  if (claim?.visibleBy === undefined || now.getTime() <= Date.parse(claim.visibleBy)) return false;
  const { receivingAccountId } = claim;
  const day = askedOn as LocalDate;
  const wide = around({ receivingAccountId, from: day, to: day }, today);
  return length(wide) >= (listing?.maxDays ?? 0) || isTooLarge(wide, situation);
}

function scoreOf<Head extends DueHead>(
  call: Call<Head>,
  { merchantId, dueAt, readyAt = dueAt, watch }: Head,
  { turns, lastTurns, now = null }: Situation<Head>,
): number {
  const waited = turns - (lastTurns.get(merchantId) ?? -1);
  const settles = call.call === 'sweep' ? call.settles : 1;
  const readyForMs = now === null ? 0 : Math.max(0, now.getTime() - readyAt.getTime());
  // A hundred times the money weighs a tenth more.
  const stake = 1 + Math.log10(1 + (watch.claim?.amountMinor ?? 0)) / 20;
  return waited * (1 + Math.log2(settles)) * (1 + readyForMs / MINUTE_MS) * stake;
}

const isHurried = ({ watch }: DueHead): boolean => (watch.requestedAt ?? null) !== null;

const isLate = (head: DueHead): boolean => head.watch.standing === 'expired' && !isHurried(head);

/** True when a listing answers for a claim too. */
const holds = ({ range }: Sweep, { askedOn = '', watch }: DueHead): boolean =>
  watch.claim?.receivingAccountId === range.receivingAccountId &&
  askedOn >= range.from &&
  askedOn <= range.to;

type Sweep = Extract<Call<DueHead>, { call: 'sweep' }>;

/** A listing, and for how many claims it answers, due or not. */
interface BestSweep {
  readonly call: Sweep;
  readonly answers: number;
}

/** Of each merchant the listing that settles most; of equal ones that of the fewest days, then the earliest. */
function bestSweeps<Head extends DueHead>(situation: Situation<Head>): Map<string, BestSweep> {
  const best = new Map<string, BestSweep>();
  if (situation.listing === null) return best;
  for (const first of situation.days) {
    const { merchantId, claims, ready = claims } = first;
    if (ready === 0) continue;
    const call = sweepFrom(first, situation.listing.maxDays, situation);
    const rival = best.get(merchantId);
    const wins = rival === undefined || isBetter(call, rival.call);
    const answers = answeredBy(call, situation);
    if (call.settles > 0 && wins) best.set(merchantId, { call, answers });
  }
  return best;
}

const answeredBy = <Head extends DueHead>({ range }: Sweep, { days }: Situation<Head>): number =>
  days
    .filter(
      ({ receivingAccountId, day }) =>
        receivingAccountId === range.receivingAccountId && day >= range.from && day <= range.to,
    )
    .reduce((sum, { claims, waiting = claims }) => sum + waiting, 0);

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
    hasFresh: false,
  };
  for (const { day: to } of reachable) {
    const range = { receivingAccountId, from: first.day, to };
    const within = reachable.filter(({ day }) => day <= to);
    const settles = isTooLarge(range, situation)
      ? 0
      : within.reduce((sum, { claims }) => sum + claims, 0);
    const hasFresh = within.some((day) => day.hasFresh ?? false);
    const larger: Sweep = { call: 'sweep', merchantId, range, settles, hasFresh };
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

const isTooLarge = (
  range: DayRange,
  { tooLarge }: { readonly tooLarge: readonly DayRange[] },
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
  const wider = around(range, situation.today);
  return length(wider) < maxDays && !isTooLarge(wider, situation) ? wider : range;
}

/** A range with the days beside it; no day to come. */
function around(range: DayRange, today: LocalDate): DayRange {
  const after = addDays(range.to, 1);
  return { ...range, from: addDays(range.from, -1), to: after <= today ? after : range.to };
}
