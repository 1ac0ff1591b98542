import type { Decision } from '../../kernel/rejection.js';
import { sweepAnswered } from '../record-sweep/sweep-answered.event.js';
import { sweepStarted } from '../record-sweep/sweep-started.event.js';
import type { SweepEvent } from '../record-sweep/sweep.event.js';
import {
  closeUnansweredSweep,
  recordSweep,
  startSweep,
  sweepsAggregate,
  sweepStream,
  type Sweeps,
} from './sweeps.js';

const at = (seconds: number): Date =>
  new Date(Date.parse('2026-03-10T14:00:00.000Z') + seconds * 1_000);
const now = at(10);

const sweep = (sweepId: string) => ({
  sweepId,
  receivingAccountId: 'account-1',
  bank: '0134',
  credentialId: 'banesco',
  permitId: `permit of ${sweepId}`,
  from: '2026-03-09',
  to: '2026-03-11',
  deadlineAt: at(40).toISOString(),
});

const started = (sweepId: string, seconds = 10) =>
  sweepStarted({ ...sweep(sweepId), startedAt: at(seconds).toISOString() });

const answer = (sweepId: string) => ({
  sweepId,
  outcome: 'found' as const,
  bankCode: '200',
  httpStatus: 200,
  durationMs: 900,
  answerHash: 'c'.repeat(64),
  permitIds: [`permit of ${sweepId}`],
  movements: 12,
  retryAfterMs: null,
});

const answered = (sweepId: string) =>
  sweepAnswered({
    ...answer(sweepId),
    receivingAccountId: 'account-1',
    from: '2026-03-09',
    to: '2026-03-11',
    answeredAt: now.toISOString(),
  });

const closed = (sweepId: string, seconds: number) =>
  sweepAnswered({
    ...answered(sweepId).data,
    outcome: 'outcome_unknown',
    bankCode: null,
    httpStatus: null,
    durationMs: 30_000,
    answerHash: null,
    movements: 0,
    answeredAt: at(seconds).toISOString(),
  });

const given = (...events: readonly SweepEvent[]) => ({
  when: (decide: (sweeps: Sweeps) => Decision<SweepEvent>) => {
    const { evolve, initialState } = sweepsAggregate;
    const decision = decide(events.reduce<Sweeps>(evolve, initialState));
    return {
      thenWrites: (...expected: readonly SweepEvent[]) =>
        expect(decision).toEqual({ outcome: 'accepted', events: expected }),
      thenRefuses: (code: string) => expect(decision).toMatchObject({ outcome: 'rejected', code }),
    };
  },
});

describe('announcing a sweep', () => {
  it('writes it down', () => {
    given()
      .when((sweeps) => startSweep(sweeps, sweep('one'), now))
      .thenWrites(started('one'));
  });

  it('writes nothing for the same again', () => {
    given(started('one'))
      .when((sweeps) => startSweep(sweeps, sweep('one'), now))
      .thenWrites();
  });

  it('refuses a second one beside it', () => {
    given(started('one'))
      .when((sweeps) => startSweep(sweeps, sweep('two'), now))
      .thenRefuses('sweep_in_progress');
  });

  it('takes the next once the last has ended', () => {
    given(started('one'), answered('one'))
      .when((sweeps) => startSweep(sweeps, sweep('two'), now))
      .thenWrites(started('two'));
  });

  it('closes one that nobody answered in time', () => {
    given(started('one'))
      .when((sweeps) => startSweep(sweeps, sweep('two'), at(41)))
      .thenWrites(closed('one', 41), started('two', 41));
  });
});

describe('recording how a sweep ended', () => {
  it('writes it down with the range that was asked for', () => {
    given(started('one'))
      .when((sweeps) => recordSweep(sweeps, answer('one'), now))
      .thenWrites(answered('one'));
  });

  it('writes nothing for the same again', () => {
    given(started('one'), answered('one'))
      .when((sweeps) => recordSweep(sweeps, answer('one'), now))
      .thenWrites();
  });

  it('refuses an answer to what was never asked', () => {
    given()
      .when((sweeps) => recordSweep(sweeps, answer('one'), now))
      .thenRefuses('sweep_not_open');
  });
});

describe('giving up on a sweep', () => {
  it('waits until its deadline is past', () => {
    given(started('one'))
      .when((sweeps) => closeUnansweredSweep(sweeps, { sweepId: 'one' }, at(40)))
      .thenRefuses('sweep_not_overdue');
  });

  it('then writes that nothing is known', () => {
    given(started('one'))
      .when((sweeps) => closeUnansweredSweep(sweeps, { sweepId: 'one' }, at(41)))
      .thenWrites(closed('one', 41));
  });

  it('leaves one that has ended alone', () => {
    given(started('one'), answered('one'))
      .when((sweeps) => closeUnansweredSweep(sweeps, { sweepId: 'one' }, at(41)))
      .thenWrites();
  });

  it('refuses one that never began', () => {
    given()
      .when((sweeps) => closeUnansweredSweep(sweeps, { sweepId: 'one' }, at(41)))
      .thenRefuses('sweep_not_open');
  });
});

describe('naming the stream of sweeps', () => {
  it('has one dash, and the day at the bank on which the sweep began', () => {
    const stream = sweepStream(
      '8f2bd9e2-6d5a-5c0e-9a54-0d4f6f1c7a11',
      new Date('2026-03-11T03:59:59Z'),
    );
    expect(stream).toBe('sweep-8f2bd9e26d5a5c0e9a540d4f6f1c7a11.20260310');
  });
});
