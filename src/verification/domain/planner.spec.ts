import * as fc from 'fast-check';
import type { LocalDate } from '../../kernel/local-date.js';
import { planCall, type DayRange, type DueDay, type DueHead, type Situation } from './planner.js';

const on = (day: number): LocalDate => `2026-03-${String(day).padStart(2, '0')}` as LocalDate;

const head = (merchantId: string, minutes: number, standing = 'pending'): DueHead => ({
  transactionId: `${merchantId} ${minutes}`,
  merchantId,
  dueAt: new Date(Date.parse('2026-03-10T14:00:00.000Z') + minutes * 60_000),
  watch: { standing },
});

const due = (merchantId: string, day: number, claims: number, account?: string): DueDay => ({
  merchantId,
  receivingAccountId: account ?? `account of ${merchantId}`,
  day: on(day),
  claims,
});

const range = (from: number, to: number, receivingAccountId = 'account of a'): DayRange => ({
  receivingAccountId,
  from: on(from),
  to: on(to),
});

/** Merchants in the order of their last turns. */
const served = (...merchants: readonly string[]): Partial<Situation<DueHead>> => ({
  lastTurns: new Map(merchants.map((merchant, turn) => [merchant, turn])),
  turns: merchants.length,
});

const plan = (some: Partial<Situation<DueHead>>) =>
  planCall({
    heads: [],
    days: [],
    listing: null,
    tooLarge: [],
    lastTurns: new Map(),
    turns: 0,
    today: on(20),
    ...some,
  });

const granted = { maxDays: 30 };

const hurried = (
  merchantId: string,
  minutes: number,
  day = 1,
  account = `account of ${merchantId}`,
) => ({
  ...head(merchantId, minutes),
  askedOn: on(day),
  watch: {
    standing: 'expired',
    requestedAt: '2026-03-10T14:00:00.000Z',
    claim: { receivingAccountId: account },
  },
});

const NOON = new Date('2026-03-10T16:00:00.000Z');
const minutesBefore = (minutes: number): Date => new Date(NOON.getTime() - minutes * 60_000);

/** A claim that was asked about before, due again for some minutes. */
const again = (merchantId: string, minutes: number, amountMinor = 10_000): DueHead => ({
  transactionId: `${merchantId} ${minutes}`,
  merchantId,
  dueAt: minutesBefore(minutes),
  askedOn: on(10),
  watch: {
    standing: 'pending',
    claim: { receivingAccountId: `account of ${merchantId}`, amountMinor },
  },
});

/** Due again for some minutes at noon, of which the last were without company. */
const readyFor = (merchantId: string, dueMinutes: number, readyMinutes: number): DueHead => ({
  ...again(merchantId, dueMinutes),
  readyAt: minutesBefore(readyMinutes),
});

describe('planning for claims that waited for company', () => {
  const heads = [again('a', 9)];

  it('lists an account only when one of its claims waits no longer', () => {
    const patient = { ...due('a', 10, 5), ready: 0 };
    expect(plan({ heads, days: [patient], listing: granted, now: NOON })?.call).toBe('look_up');

    const days = [{ ...patient, ready: 1 }];
    const call = plan({ heads, days, listing: granted, now: NOON });
    expect(call).toMatchObject({ call: 'sweep', settles: 5 });
  });

  it('takes the patient ones of other days along', () => {
    const days = [
      { ...due('a', 10, 1), ready: 1 },
      { ...due('a', 12, 3), ready: 0 },
    ];
    expect(plan({ heads, days, listing: granted, now: NOON })).toMatchObject({ settles: 4 });
  });

  it('gains no weight by the time that a claim was patient', () => {
    const patient = readyFor('patient', 120, 1);
    const call = plan({ heads: [patient, again('other', 2)], now: NOON });
    expect(call?.merchantId).toBe('other');
  });

  it('tells whether a listing is about a claim that was never asked about', () => {
    const days = [due('a', 10, 2), { ...due('a', 11, 1), hasFresh: true }];
    expect(plan({ heads, days, listing: granted })).toMatchObject({ hasFresh: true });
    expect(plan({ heads, days: days.slice(0, 1), listing: granted })).toMatchObject({
      hasFresh: false,
    });
  });
});

describe('planning the end of claims that never showed', () => {
  const overdue = (visibleBy: string): DueHead => ({
    ...again('a', 5),
    watch: { standing: 'pending', claim: { receivingAccountId: 'account of a', visibleBy } },
  });
  const past = overdue('2026-03-10T15:00:00.000Z');
  const crowded = {
    days: [due('a', 10, 9)],
    listing: granted,
    tooLarge: [range(9, 11)],
    now: NOON,
  };

  it('looks a claim up that no listing could end: the bank does not list its day with the days beside', () => {
    expect(plan({ heads: [past], ...crowded })).toMatchObject({ call: 'look_up', head: past });
  });

  it.each([
    [1, 'look_up'],
    [2, 'look_up'],
    [3, 'sweep'],
  ])('where the bank lists %i days at once, does it by a %s', (maxDays, call) => {
    const one = { ...crowded, tooLarge: [], listing: { maxDays } };
    expect(plan({ heads: [past], ...one })?.call).toBe(call);
  });

  it.each<readonly [string, DueHead, Partial<Situation<DueHead>>]>([
    ['the deadline is not over', overdue('2026-03-10T17:00:00.000Z'), {}],
    ['the three days fit', past, { tooLarge: [] }],
  ])('lists the account as long as %s', (_, one, over) => {
    expect(plan({ heads: [one], ...crowded, ...over })?.call).toBe('sweep');
  });
});

describe('planning where a look-up marks a payment as told', () => {
  const doubtful = (some: Partial<DueHead['watch']> = {}): DueHead => ({
    ...again('a', 1),
    watch: { ...again('a', 1).watch, lastOutcome: 'outcome_unknown', failures: 1, ...some },
  });
  const marking = {
    lookUpHasSideEffects: true,
    listing: { maxDays: 1 },
    days: [due('a', 10, 1)],
    now: NOON,
  };
  const listed = { call: 'sweep', merchantId: 'a', range: range(10, 10), settles: 1 };

  it('lists the day of a claim whose look-up was lost, although it is alone', () => {
    expect(plan({ ...marking, heads: [doubtful()] })).toMatchObject(listed);
  });

  it.each<readonly [string, Partial<DueHead['watch']>]>([
    ['whose rows nobody followed up', { lastOutcome: 'found' }],
    ['whose answer could not be read', { lastOutcome: 'unavailable' }],
    ['that listings have not shown since', { failures: 0 }],
    ['that the merchant wants asked now', { requestedAt: '2026-03-10T14:00:00.000Z' }],
  ])('lists the day of one %s', (_, some) => {
    expect(plan({ ...marking, heads: [doubtful(some)] })).toMatchObject(listed);
  });

  it('makes no call about it while its account is not to be listed', () => {
    expect(plan({ ...marking, days: [], heads: [doubtful()] })).toBeNull();
  });

  it('lets another merchant’s call go before it then', () => {
    const heads = [doubtful(), again('b', 1)];
    expect(plan({ ...marking, days: [], heads })).toMatchObject({
      call: 'look_up',
      merchantId: 'b',
    });
  });

  const { claim } = doubtful().watch;
  it.each<readonly [string, Partial<Situation<DueHead>>, Partial<DueHead['watch']>]>([
    ['was answered conclusively', {}, { failures: 0, lastOutcome: 'not_visible_yet' }],
    ['was never looked up', {}, { failures: 0, lastOutcome: null }],
    ['is at a bank without listings', { listing: null }, {}],
    ['is at a bank that marks nothing', { lookUpHasSideEffects: false }, {}],
    ['has a day that is too large to be listed', { tooLarge: [range(10, 10)] }, {}],
    [
      'is past its deadline, and must come to an end',
      {},
      {
        claim: {
          receivingAccountId: claim?.receivingAccountId ?? '',
          visibleBy: '2026-03-10T15:59:59.000Z',
        },
      },
    ],
  ])('looks one up that %s', (_, some, watch) => {
    expect(plan({ ...marking, heads: [doubtful(watch)], ...some })).toMatchObject({
      call: 'look_up',
    });
  });
});

describe('weighing age and what is at stake', () => {
  it('prefers the claim that has been due much longer, although its merchant had the last turn', () => {
    const heads = [again('large', 120), again('small', 1)];
    const call = plan({ heads, now: NOON, ...served('small', 'large') });
    expect(call?.merchantId).toBe('large');
  });

  it('lets turns decide between claims of nearly one age', () => {
    const heads = [again('large', 2), again('small', 1)];
    const call = plan({ heads, now: NOON, ...served('small', 'x', 'y', 'large') });
    expect(call?.merchantId).toBe('small');
  });

  it('prefers the larger amount where all else is equal', () => {
    const heads = [again('a', 5, 1_000), again('b', 5, 1_000_000)];
    expect(plan({ heads, now: NOON })?.merchantId).toBe('b');
  });

  it('never lets money outweigh a turn', () => {
    const heads = [again('a', 5, 900_000_000_000), again('b', 5, 1)];
    expect(plan({ heads, now: NOON, ...served('b', 'a') })?.merchantId).toBe('b');
  });
});

describe('planning what a merchant wants asked now', () => {
  it('looks it up in the merchant’s own turn, where a listing does not hold it', () => {
    const wish = hurried('a', 9, 7);
    const days = [due('a', 1, 40)];

    expect(plan({ heads: [wish], days, listing: { maxDays: 2 } })).toMatchObject({
      call: 'look_up',
      head: wish,
    });
    expect(plan({ heads: [hurried('a', 9, 1)], days, listing: granted })).toMatchObject({
      call: 'sweep',
      settles: 40,
    });
  });

  it('gains no turn by it, and is not put behind for having expired', () => {
    const heads = [hurried('a', 0), head('b', 5)];

    expect(plan({ heads, ...served('b', 'a') })).toMatchObject({ merchantId: 'b' });
    expect(plan({ heads, ...served('a', 'b') })).toMatchObject({ merchantId: 'a' });
  });
});

describe('planning without listings', () => {
  it('plans nothing when nothing is due', () => {
    expect(plan({})).toBeNull();
  });

  it('begins with the claim that is due the longest', () => {
    expect(plan({ heads: [head('a', 5), head('b', 3)] })).toEqual({
      call: 'look_up',
      merchantId: 'b',
      head: head('b', 3),
    });
  });

  it('prefers a merchant that had no turn yet, however late its claim', () => {
    const call = plan({ heads: [head('a', 0), head('b', 60)], ...served('a') });
    expect(call?.merchantId).toBe('b');
  });

  it('prefers the merchant whose last turn is the longest ago', () => {
    const call = plan({ heads: [head('a', 0), head('b', 60)], ...served('b', 'a') });
    expect(call?.merchantId).toBe('b');
  });

  it('prefers what is pending to what has expired', () => {
    const call = plan({ heads: [head('a', 0, 'expired'), head('b', 60)], ...served('b') });
    expect(call?.merchantId).toBe('b');
  });

  it('asks about expired claims when nothing is pending', () => {
    expect(plan({ heads: [head('a', 0, 'expired')], ...served('a') })?.merchantId).toBe('a');
  });

  it('lists nothing, however many are due', () => {
    expect(plan({ heads: [head('a', 0)], days: [due('a', 10, 500)] })?.call).toBe('look_up');
  });
});

describe('planning with listings', () => {
  it('looks up a claim that is alone', () => {
    const call = plan({ heads: [head('a', 0)], days: [due('a', 10, 1)], listing: granted });
    expect(call?.call).toBe('look_up');
  });

  it('lists the day of several claims, and its neighbours', () => {
    const call = plan({ heads: [head('a', 0)], days: [due('a', 10, 2)], listing: granted });
    expect(call).toEqual({
      call: 'sweep',
      merchantId: 'a',
      range: range(9, 11),
      settles: 2,
      hasFresh: false,
    });
  });

  it('asks about no day to come', () => {
    const call = plan({ heads: [head('a', 0)], days: [due('a', 20, 2)], listing: granted });
    expect(call).toMatchObject({ range: range(19, 20) });
  });

  it('takes as many days together as hold due claims', () => {
    const days = [due('a', 3, 1), due('a', 10, 1), due('a', 12, 5)];
    const call = plan({ heads: [head('a', 0)], days, listing: granted });
    expect(call).toMatchObject({ range: range(2, 13), settles: 7 });
  });

  it('takes no more days than the bank lists', () => {
    const days = [due('a', 3, 2), due('a', 10, 3), due('a', 12, 5)];
    const call = plan({ heads: [head('a', 0)], days, listing: { maxDays: 5 } });
    expect(call).toMatchObject({ range: range(9, 13), settles: 8 });
  });

  it('leaves the neighbours out where the range would be too long with them', () => {
    const days = [due('a', 10, 3), due('a', 12, 5)];
    const call = plan({ heads: [head('a', 0)], days, listing: { maxDays: 3 } });
    expect(call).toMatchObject({ range: range(10, 12), settles: 8 });
  });

  it('keeps accounts apart', () => {
    const days = [due('a', 10, 1, 'one'), due('a', 10, 1, 'other')];
    const call = plan({ heads: [head('a', 0)], days, listing: granted });
    expect(call?.call).toBe('look_up');
  });

  it('divides a range that was too large', () => {
    const call = plan({
      heads: [head('a', 0)],
      days: [due('a', 10, 200), due('a', 11, 300), due('a', 12, 250)],
      listing: granted,
      tooLarge: [range(9, 13), range(10, 12)],
    });
    expect(call).toMatchObject({ range: range(11, 12), settles: 550 });
  });

  it('looks up claims of a day that is too large alone', () => {
    const call = plan({
      heads: [head('a', 0)],
      days: [due('a', 10, 900)],
      listing: granted,
      tooLarge: [range(10, 10)],
    });
    expect(call?.call).toBe('look_up');
  });

  it('does not mind what was too large at another account', () => {
    const call = plan({
      heads: [head('a', 0)],
      days: [due('a', 10, 9)],
      listing: granted,
      tooLarge: [range(10, 10, 'account of b')],
    });
    expect(call?.call).toBe('sweep');
  });
});

describe('weighing merchants against each other', () => {
  const heads = [head('large', 0), head('small', 0)];
  const days = [due('large', 10, 1_000), due('small', 10, 1)];

  it('prefers the call that settles most when both waited as long', () => {
    expect(plan({ heads, days, listing: granted })?.merchantId).toBe('large');
  });

  it('does not let a small merchant wait for ever', () => {
    const lastTurns = new Map([['small', 0]]);
    let waited = 0;
    for (let turns = 1; turns < 100; turns += 1) {
      const call = plan({ heads, days, listing: granted, lastTurns, turns });
      if (call?.merchantId === 'small') break;
      lastTurns.set('large', turns);
      waited += 1;
    }
    // 1 + log2(1000) is about 11.
    expect(waited).toBeLessThan(12);
  });
});

describe('planning whatever is due', () => {
  const merchant = fc.constantFrom('a', 'b', 'c');
  const situation = fc.record({
    heads: fc.uniqueArray(
      fc.tuple(merchant, fc.nat(60)).map(([who, minutes]) => head(who, minutes)),
      { selector: ({ merchantId }) => merchantId },
    ),
    days: fc.array(
      fc
        .tuple(merchant, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 9 }))
        .map(([who, day, claims]) => due(who, day, claims)),
      { maxLength: 8 },
    ),
    listing: fc.constantFrom(null, { maxDays: 1 }, { maxDays: 3 }, granted),
    tooLarge: fc.array(
      fc
        .tuple(merchant, fc.integer({ min: 1, max: 20 }), fc.nat(3))
        .map(([who, from, more]) => range(from, Math.min(from + more, 20), `account of ${who}`)),
      { maxLength: 4 },
    ),
    turns: fc.constant(3),
    lastTurns: fc.constantFrom(new Map(), new Map([['a', 0]]), new Map([['b', 2]])),
  });

  it('does not mind in which order things are told', () => {
    fc.assert(
      fc.property(situation, (some) => {
        const turned = {
          ...some,
          heads: some.heads.toReversed(),
          days: some.days.toReversed(),
          tooLarge: some.tooLarge.toReversed(),
        };
        expect(plan(turned)).toEqual(plan(some));
      }),
    );
  });

  it('plans something whenever something is due', () => {
    fc.assert(
      fc.property(situation, (some) => {
        expect(plan(some) === null).toBe(some.heads.length === 0);
      }),
    );
  });

  it('lists only what is granted, not known to be too large, and not to come', () => {
    fc.assert(
      fc.property(situation, (some) => {
        const call = plan(some);
        if (call?.call !== 'sweep') return;
        const { from, to, receivingAccountId } = call.range;
        const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
        expect(days).toBeLessThanOrEqual(some.listing?.maxDays ?? 0);
        expect(to <= on(20)).toBe(true);
        for (const known of some.tooLarge) {
          const holds = known.from >= from && known.to <= to;
          expect(holds && known.receivingAccountId === receivingAccountId).toBe(false);
        }
      }),
    );
  });
});
