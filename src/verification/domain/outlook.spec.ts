import { happened, minutesLater } from '../../../test/support/a-transaction.js';
import type { TransactionEvent } from '../../transactions/events/transaction.event.js';
import { aheadOf, outlook, type Backlog } from './outlook.js';
import { watch, type Watch } from './watch.js';

const schedule = {
  delaysSeconds: [0, 60],
  everySeconds: 3_600,
  lateEverySeconds: 86_400,
  failureDelaysSeconds: [5],
};
const free: Backlog = {
  own: 0,
  ofOthers: [],
  msPerCall: 30_000,
  firstAskShare: 0,
  listings: null,
  isClosed: false,
  coolDownMs: 0,
  circuitOpenMs: 0,
  openAfter: (from, forMs) => new Date(from.getTime() + forMs),
  delaysMs: [],
};
const now = minutesLater(1);

const foresee = (backlog: Backlog, ...history: readonly TransactionEvent[]) => {
  const state = [happened.submitted(), ...history].reduce<Watch | null>(watch, null);
  if (state === null) throw new Error('a submitted transaction is watched');
  return outlook(state, backlog, { schedule, now });
};

const asked = [happened.askStarted(), happened.askAnswered()];

describe('foreseeing what happens next', () => {
  it('says when the bank is asked, and until when the payment may show in time', () => {
    expect(foresee(free, ...asked)).toEqual({
      action: 'ask',
      at: minutesLater(2),
      about: '2026-03-10',
      ahead: 0,
      expectedAt: minutesLater(2),
      heldBy: null,
      verdictAt: minutesLater(2),
      latestAt: minutesLater(24 * 60),
    });
  });

  it('expects the verdict when verdicts at the bank usually come, not before the next ask', () => {
    const usually = { ...free, delaysMs: [600_000, 660_000, 720_000] };

    expect(foresee(usually, ...asked)).toMatchObject({
      expectedAt: minutesLater(2),
      verdictAt: minutesLater(11),
    });
    expect(foresee(usually, happened.askStarted())).toMatchObject({
      action: 'await_answer',
      verdictAt: minutesLater(11),
    });
  });

  it('expects an overdue ask now when nobody is before it', () => {
    expect(foresee(free)).toMatchObject({ at: minutesLater(0), expectedAt: now });
  });

  it('adds the time that those before it take', () => {
    expect(foresee({ ...free, own: 4 })).toMatchObject({ ahead: 4, expectedAt: minutesLater(3) });
  });

  it('expects nothing before it is due, however short the queue', () => {
    expect(foresee({ ...free, own: 1 }, ...asked).expectedAt).toEqual(minutesLater(2));
  });

  it('moves the latest time with a queue that is longer', () => {
    const { expectedAt, latestAt } = foresee({ ...free, own: 100_000 });
    expect(latestAt).toEqual(expectedAt);
  });

  it('leaves repeats what first asks do not take of the permits, where nothing is listed', () => {
    const busy = { ...free, own: 4, firstAskShare: 0.5 };
    expect(foresee(busy, ...asked).expectedAt).toEqual(minutesLater(5));
    expect(foresee(busy).expectedAt).toEqual(minutesLater(3));
  });

  it('says that nobody can tell when first asks take every permit', () => {
    const overrun = { ...free, own: 4, firstAskShare: 1.2 };
    expect(foresee(overrun, ...asked)).toMatchObject({ expectedAt: null, verdictAt: null });
  });

  it('says that nobody can tell while a person has to open the gateway', () => {
    expect(foresee({ ...free, isClosed: true }, ...asked)).toMatchObject({
      action: 'ask',
      at: minutesLater(2),
      expectedAt: null,
      heldBy: 'gateway_closed',
      verdictAt: null,
      latestAt: minutesLater(24 * 60),
    });
  });

  it('expects nothing before a cool-down ends, and then those before it first', () => {
    const quiet = { ...free, coolDownMs: 600_000 };
    expect(foresee(quiet, ...asked)).toMatchObject({
      at: minutesLater(2),
      expectedAt: minutesLater(11),
      verdictAt: minutesLater(11),
    });
    expect(foresee({ ...quiet, own: 4 }, ...asked).expectedAt).toEqual(minutesLater(13));
  });

  /** In maintenance from one minute on until another. */
  const closedBetween =
    (from: number, to: number): Backlog['openAfter'] =>
    (at, forMs) => {
      const until = new Date(at.getTime() + forMs);
      const isWithin = at < minutesLater(to) && until >= minutesLater(from);
      if (!isWithin) return until;
      const leftMs = forMs - Math.max(0, minutesLater(from).getTime() - at.getTime());
      return new Date(minutesLater(to).getTime() + leftMs);
    };

  it.each([
    ['a claim that is due then', [[1.5, 240], asked, {}], [240, 'maintenance_hours']],
    ['one due before, but not in turn', [[2, 240], [], { own: 4 }], [241, 'maintenance_hours']],
    ['a claim that is due after', [[0.5, 1.8], asked, {}], [2, null]],
    ['a claim whose turn is before', [[10, 240], asked, {}], [2, null]],
    [
      'a cool-down that ends then',
      [[5, 240], asked, { coolDownMs: 600_000 }],
      [240, 'maintenance_hours'],
    ],
    [
      'a cool-down that ends before',
      [[50, 240], asked, { coolDownMs: 600_000 }],
      [11, 'cool_down'],
    ],
    ['an open circuit', [[50, 240], asked, { circuitOpenMs: 120_000 }], [3, 'circuit_open']],
    [
      'an open circuit that a claim outlasts',
      [[50, 240], asked, { circuitOpenMs: 30_000 }],
      [2, null],
    ],
    [
      'a cool-down and a shorter circuit',
      [[50, 240], asked, { circuitOpenMs: 120_000, coolDownMs: 180_000 }],
      [4, 'cool_down'],
    ],
  ] as const)('reckons with %s', (_, [[from, to], history, more], [minutes, heldBy]) => {
    const backlog = { ...free, ...more, openAfter: closedBetween(from, to) };
    expect(foresee(backlog, ...history)).toMatchObject({
      expectedAt: minutesLater(minutes),
      verdictAt: minutesLater(minutes),
      heldBy,
    });
  });

  describe('where the bank lists', () => {
    const never = { everyMs: Number.POSITIVE_INFINITY };

    it('waits for company as long as the planner lets the claim wait', () => {
      // Due a minute after its first answer, and then as patient as four times its age of two minutes.
      const scarce = { ...free, listings: never, firstAskShare: 1 / 3 };
      expect(foresee(scarce, ...asked)).toMatchObject({
        at: minutesLater(2),
        expectedAt: minutesLater(10),
      });
      expect(foresee({ ...scarce, firstAskShare: 0 }, ...asked).expectedAt).toEqual(
        minutesLater(2),
      );
    });

    it('expects the listing that others bring about before that', () => {
      const often = { ...free, listings: { everyMs: 60_000 }, firstAskShare: 1 };
      const inMs = (foresee(often, ...asked).expectedAt?.getTime() ?? 0) - now.getTime();
      expect(Math.round(inMs)).toBe(Math.floor(60_000 * Math.LN2));
    });

    it('lets those of other accounts go first, a call for each account', () => {
      const queued = { ...free, listings: never, ofOthers: [1, 1, 1] };
      expect(foresee(queued).expectedAt).toEqual(new Date(now.getTime() + 90_000));
    });
  });

  it.each<readonly [string, string, readonly TransactionEvent[]]>([
    ['an answer while an ask is open', 'await_answer', [happened.askStarted()]],
    ['the binding while one is under way', 'bind', [...asked, happened.bindingProposed()]],
    ['a person while it is in review', 'decide', [happened.flagged()]],
    ['nothing once it is verified', 'none', [happened.bindingProposed(), happened.verified()]],
    ['nothing once it is cancelled', 'none', [happened.cancelled()]],
  ])('waits for %s', (_, action, history) => {
    expect(foresee(free, ...history)).toMatchObject({ action, ahead: null });
  });

  it('has no latest time any more once the claim expired', () => {
    expect(foresee(free, ...asked, happened.expired())).toMatchObject({
      action: 'ask',
      latestAt: null,
    });
  });
});

describe('counting who comes first', () => {
  it.each<readonly [string, Pick<Backlog, 'own' | 'ofOthers'>, number]>([
    ['nobody before the only claim', { own: 0, ofOthers: [] }, 0],
    ['every earlier claim of the own merchant', { own: 3, ofOthers: [] }, 3],
    ['one claim of each other merchant before the first', { own: 0, ofOthers: [9, 9, 9] }, 3],
    ['as many of another merchant as get a turn', { own: 2, ofOthers: [9, 1] }, 6],
  ])('counts %s', (_, backlog, ahead) => {
    expect(aheadOf(backlog)).toBe(ahead);
  });
});
