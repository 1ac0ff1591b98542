import * as fc from 'fast-check';
import {
  afterAttempt,
  outcomeOf,
  type Attempted,
  type AttemptOutcome,
  type Standing,
} from './webhook-schedule.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TERMS = {
  delaysMs: [5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR],
  longestHoldMs: HOUR,
  disableAfterMs: 96 * HOUR,
};

const after = (attempted: Partial<Attempted>, standing: Partial<Standing> = {}, jitter = 0) =>
  afterAttempt(
    { outcome: 'refused', retryAfterMs: null, ...attempted },
    { tries: 1, failingForMs: null, ...standing },
    TERMS,
    jitter,
  );

describe('reading the status of an answer', () => {
  it.each<[number, AttemptOutcome]>([
    [200, 'delivered'],
    [202, 'delivered'],
    [204, 'delivered'],
    [299, 'delivered'],
    [199, 'refused'],
    [301, 'refused'],
    [307, 'refused'],
    [400, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [410, 'gone'],
    [429, 'throttled'],
    [500, 'refused'],
    [502, 'throttled'],
    [503, 'throttled'],
    [504, 'throttled'],
  ])('takes %i for %s', (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });
});

describe('deciding what follows a try', () => {
  it.each<[string, Partial<Attempted>, Partial<Standing>, object]>([
    ['a success', { outcome: 'delivered' }, { tries: 4 }, { status: 'delivered' }],
    ['a first failure', {}, {}, { status: 'pending', afterMs: 5_000 }],
    ['a second failure', {}, { tries: 2 }, { status: 'pending', afterMs: 5 * MINUTE }],
    ['the last but one', {}, { tries: 4 }, { status: 'pending', afterMs: 2 * HOUR }],
    ['the last failure', {}, { tries: 5 }, { status: 'given_up' }],
    ['a time-out', { outcome: 'timeout' }, {}, { status: 'pending', afterMs: 5_000 }],
    [
      'a wish for later',
      { outcome: 'throttled', retryAfterMs: 30_000 },
      {},
      { status: 'pending', afterMs: 30_000 },
    ],
    [
      'a wish for sooner than the schedule',
      { outcome: 'throttled', retryAfterMs: 1_000 },
      { tries: 2 },
      { status: 'pending', afterMs: 5 * MINUTE },
    ],
    [
      'a wish beyond the cap',
      { outcome: 'throttled', retryAfterMs: 48 * HOUR },
      {},
      { status: 'pending', afterMs: HOUR },
    ],
    ['one that is gone', { outcome: 'gone' }, { tries: 9 }, { status: 'pending', afterMs: 0 }],
  ])('after %s the delivery is as the schedule has it', (_, attempted, standing, delivery) => {
    expect(after(attempted, standing).delivery).toEqual(delivery);
  });

  it.each<[string, Partial<Attempted>, Partial<Standing>, object]>([
    ['a success', { outcome: 'delivered' }, {}, { do: 'nothing' }],
    ['a failure', {}, { failingForMs: 95 * HOUR }, { do: 'nothing' }],
    ['failures for days', {}, { failingForMs: 96 * HOUR }, { do: 'disable', reason: 'failing' }],
    ['saying that it is gone', { outcome: 'gone' }, {}, { do: 'disable', reason: 'gone' }],
    [
      'a wish for a pause',
      { outcome: 'throttled', retryAfterMs: 7_000 },
      {},
      { do: 'hold', forMs: 7_000 },
    ],
    ['being busy without a wish', { outcome: 'throttled' }, {}, { do: 'nothing' }],
    // Only who asks for fewer calls is listened to.
    ['refusing with a wish', { retryAfterMs: 7_000 }, {}, { do: 'nothing' }],
  ])('after %s the endpoint is treated so', (_, attempted, standing, endpoint) => {
    expect(after(attempted, standing).endpoint).toEqual(endpoint);
  });

  it('spreads the waits by up to a fifth, and never tries sooner', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: TERMS.delaysMs.length }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (tries, jitter) => {
          const { delivery } = after({}, { tries }, jitter);
          const planned = TERMS.delaysMs[tries - 1] ?? 0;

          if (delivery.status !== 'pending') throw new Error('it is tried again');
          expect(delivery.afterMs).toBeGreaterThanOrEqual(planned);
          expect(delivery.afterMs).toBeLessThanOrEqual(planned * 1.2 + 1);
        },
      ),
    );
  });

  it('ends with every message, whatever a receiver answers', () => {
    const outcomes = fc.constantFrom<AttemptOutcome>(
      'refused',
      'throttled',
      'timeout',
      'unreachable',
    );
    fc.assert(
      fc.property(fc.infiniteStream(outcomes), (answers) => {
        let tries = 0;
        for (const outcome of answers) {
          tries += 1;
          const { delivery } = after({ outcome, retryAfterMs: 10 * HOUR }, { tries });
          if (delivery.status === 'given_up') break;
        }

        expect(tries).toBe(TERMS.delaysMs.length + 1);
      }),
      { numRuns: 20 },
    );
  });
});
