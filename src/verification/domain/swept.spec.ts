import { anId, happened, minutesLater } from '../../../test/support/a-transaction.js';
import type { BankOutcome } from '../../matching/bank-answer.js';
import type { TransactionEvent } from '../../transactions/events/transaction.event.js';
import { afterSweep, covers, mayExpire, type EndedSweep } from './swept.js';
import { nextAsk, type Schedule } from './verification.schedule.js';
import { watch, type Watch } from './watch.js';

const schedule: Schedule = {
  delaysSeconds: [0, 60, 120],
  everySeconds: 3_600,
  lateEverySeconds: 86_400,
  failureDelaysSeconds: [5],
};

const sweep = (changes: Partial<EndedSweep> = {}): EndedSweep => ({
  sweepId: anId('sweep'),
  receivingAccountId: anId('account'),
  from: '2026-03-09',
  to: '2026-03-11',
  outcome: 'found',
  durationMs: 1_000,
  answeredAt: minutesLater(10).toISOString(),
  ...changes,
});

const after = (...history: readonly TransactionEvent[]): Watch => {
  const state = [happened.submitted(), ...history].reduce<Watch | null>(watch, null);
  if (state === null) throw new Error('a submitted transaction is watched');
  return state;
};

const asked = [happened.askStarted(), happened.askAnswered()];
const LATE = minutesLater(24 * 60 + 1).toISOString();

describe('covering a claim by a listing', () => {
  it('is so for a claim of the account and the days', () => {
    expect(covers(sweep(), after())).toBe(true);
  });

  it.each<readonly [string, Partial<EndedSweep>]>([
    ['of another account', { receivingAccountId: anId('another account') }],
    ['that ends before the day', { to: '2026-03-09' }],
    ['that begins after the day', { from: '2026-03-11' }],
    ['that began before the claim came', { durationMs: 11 * 60_000 }],
  ])('is not so for one %s', (_, changes) => {
    expect(covers(sweep(changes), after())).toBe(false);
  });

  it.each<BankOutcome>(['unavailable', 'outcome_unknown', 'range_too_large', 'maintenance'])(
    'is not so for one that ended with %s',
    (outcome) => {
      expect(covers(sweep({ outcome }), after())).toBe(false);
    },
  );

  it('is not so for a claim that a person decides', () => {
    expect(covers(sweep(), after(happened.flagged()))).toBe(false);
  });
});

describe('letting a claim expire by a listing', () => {
  it('takes one after the deadline over the day and its neighbours', () => {
    expect(mayExpire(sweep({ answeredAt: LATE }), after(...asked))).toBe(true);
  });

  it.each<readonly [string, Partial<EndedSweep>]>([
    ['before the deadline', {}],
    ['without the day before', { answeredAt: LATE, from: '2026-03-10' }],
    ['without the day after', { answeredAt: LATE, to: '2026-03-10' }],
    ['that failed', { answeredAt: LATE, outcome: 'unavailable' }],
  ])('refuses one %s', (_, changes) => {
    expect(mayExpire(sweep(changes), after(...asked))).toBe(false);
  });

  it.each<readonly [string, readonly TransactionEvent[]]>([
    ['while an ask is open', [happened.askStarted()]],
    ['that expired already', [...asked, happened.expired()]],
    ['whose credit the bank once showed', [happened.bindingProposed(), happened.bindingRefused()]],
  ])('leaves a claim alone %s', (_, history) => {
    expect(mayExpire(sweep({ answeredAt: LATE }), after(...history))).toBe(false);
  });
});

describe('planning after a listing', () => {
  const due = (state: Watch) => nextAsk(state, schedule)?.dueAt;

  it('takes it for the ask that was due', () => {
    expect(due(afterSweep(after(...asked), sweep(), schedule))).toEqual(minutesLater(12));
  });

  it('puts an ask off that was not due yet', () => {
    const early = sweep({ answeredAt: minutesLater(1.5).toISOString() });
    expect(due(afterSweep(after(...asked), early, schedule))).toEqual(minutesLater(2.5));
  });

  it('takes the neighbouring days for tried', () => {
    expect(afterSweep(after(...asked), sweep(), schedule).neighbours).toEqual([
      '2026-03-09',
      '2026-03-11',
    ]);
  });

  it('forgets failed asks, since the bank answers again', () => {
    const failed = after(happened.askStarted(), happened.askAnswered({ outcome: 'unavailable' }));
    expect(afterSweep(failed, sweep(), schedule).failures).toBe(0);
  });

  it('takes a listing of the neighbouring day alone for the ask about that day', () => {
    const state = after(...asked, ...asked, ...asked);
    expect(nextAsk(state, schedule)?.askedOn).toBe('2026-03-09');
    const dayBefore = sweep({ to: '2026-03-09', outcome: 'not_visible_yet' });
    const listed = afterSweep(state, dayBefore, schedule);
    expect(listed.neighbours).toEqual(['2026-03-09']);
    expect(listed.conclusive).toBe(state.conclusive);
    // The day after has not come, so the claimed day is next, an hour later.
    expect(due(listed)).toEqual(minutesLater(70));
  });

  it('changes nothing for a listing of a neighbouring day that was not to be asked about', () => {
    const state = after(...asked);
    const dayBefore = sweep({ to: '2026-03-09', outcome: 'not_visible_yet' });
    expect(afterSweep(state, dayBefore, schedule)).toBe(state);
  });

  it('changes nothing for a listing that does not cover the claim', () => {
    const state = after(...asked);
    expect(afterSweep(state, sweep({ outcome: 'unavailable' }), schedule)).toBe(state);
  });

  it('changes nothing while a binding is under way', () => {
    const state = after(...asked, happened.bindingProposed());
    expect(afterSweep(state, sweep(), schedule)).toBe(state);
  });
});
