import { anId, happened, SUBMITTED_AT } from '../../../test/support/a-transaction.js';
import type { TransactionEvent } from '../../transactions/events/transaction.event.js';
import { noDemand, oneMore, ratePerMs } from './demand.js';
import { patienceMs, patienceShare } from './patience.js';
import { watch, type Watch } from './watch.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const submittedMs = Date.parse(SUBMITTED_AT);
const after = (ms: number): Date => new Date(submittedMs + ms);

const asked = (atMs: number, outcome: 'not_visible_yet' | 'unavailable'): TransactionEvent[] => [
  happened.askStarted({ askId: anId(`ask ${atMs}`), startedAt: after(atMs).toISOString() }),
  happened.askAnswered({
    askId: anId(`ask ${atMs}`),
    outcome,
    retryAfterMs: null,
    answeredAt: after(atMs).toISOString(),
  }),
];

const given = (...history: readonly TransactionEvent[]) => {
  const state = history.reduce<Watch | null>(watch, null);
  const { visibleBy = '' } = state?.claim ?? {};
  return {
    thenWaits: (dueAfterMs: number, forMs: number) =>
      expect(state === null ? null : patienceMs(state, after(dueAfterMs))).toBe(forMs),
    thenWaitsPastDeadline: (forMs: number) => {
      const dueAt = new Date(Date.parse(visibleBy) + 1);
      expect(state === null ? null : patienceMs(state, dueAt)).toBe(forMs);
    },
  };
};

const submitted = happened.submitted();

describe('waiting for company where permits are scarce', () => {
  it('gives a first ask the seconds that an immediate credit needs to show', () => {
    given(submitted).thenWaits(0, 15_000);
  });

  it('lets a repeated ask wait in measure of how long the claim has waited already', () => {
    const once = [submitted, ...asked(0, 'not_visible_yet')];
    given(...once).thenWaits(MINUTE_MS, 4 * MINUTE_MS);
    given(...once).thenWaits(8 * MINUTE_MS, 32 * MINUTE_MS);
  });

  it('waits no longer than two hours, and half an hour for the answer that may end the claim', () => {
    const once = [submitted, ...asked(0, 'not_visible_yet')];
    given(...once).thenWaits(5 * HOUR_MS, 2 * HOUR_MS);
    given(...once).thenWaitsPastDeadline(HOUR_MS / 2);
  });

  it('does not wait with what the merchant wants now', () => {
    const wish = happened.verificationRequested(after(MINUTE_MS).toISOString());
    given(submitted, ...asked(0, 'not_visible_yet'), wish).thenWaits(MINUTE_MS, 0);
  });

  it('does not wait with an ask that failed', () => {
    given(submitted, ...asked(0, 'unavailable')).thenWaits(5_000, 0);
  });
});

describe('telling whether permits are scarce', () => {
  it('asks for no patience while first asks are few, and for all of it from a third of the permits on', () => {
    expect(patienceShare(0)).toBe(0);
    expect(patienceShare(1 / 30)).toBeCloseTo(0.1);
    expect(patienceShare(1 / 3)).toBe(1);
    expect(patienceShare(0.9)).toBe(1);
  });

  it('counts what happens steadily as often as it happens', () => {
    let demand = noDemand;
    let nowMs = 0;
    for (let minute = 0; minute < 240; minute += 1) demand = oneMore(demand, (nowMs += MINUTE_MS));
    expect(ratePerMs(demand, nowMs) * MINUTE_MS).toBeCloseTo(1, 1);
  });

  it('forgets what is long ago', () => {
    const demand = oneMore(noDemand, 0);
    expect(ratePerMs(demand, 0) * HOUR_MS).toBeCloseTo(2);
    expect(ratePerMs(demand, 5 * HOUR_MS) * HOUR_MS).toBeLessThan(0.001);
  });
});
