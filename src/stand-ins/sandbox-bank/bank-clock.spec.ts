import { Clock } from '../../kernel/clock.js';
import { BankClock, isWithinHours } from './bank-clock.js';

class FixedClock extends Clock {
  constructor(public nowMs: number) {
    super();
  }

  now(): Date {
    return new Date(this.nowMs);
  }

  monotonicMs(): number {
    return this.nowMs;
  }
}

describe('moving the clock of the bank', () => {
  it('goes on from the instant it was set to', () => {
    const machine = new FixedClock(0);
    const clock = new BankClock(machine);
    clock.moveTo(new Date('2026-07-10T12:00:00.000Z'));
    machine.nowMs = 1_500;
    expect(clock.now().toISOString()).toBe('2026-07-10T12:00:01.500Z');
  });

  it('leaves durations alone', () => {
    const clock = new BankClock(new FixedClock(7));
    clock.moveBy(60_000);
    expect(clock.monotonicMs()).toBe(7);
  });

  it('tells the time of day in Caracas', () => {
    const clock = new BankClock(new FixedClock(Date.parse('2026-07-10T03:05:00.000Z')));
    expect(clock.localTime()).toBe('23:05');
  });
});

describe('keeping maintenance hours', () => {
  it.each([
    ['01:59', false],
    ['02:00', true],
    ['05:59', true],
    ['06:00', false],
  ])('at %s: %s', (time, within) => {
    expect(isWithinHours(time, { from: '02:00', to: '06:00' })).toBe(within);
  });

  it('crosses midnight', () => {
    expect(isWithinHours('23:30', { from: '23:00', to: '01:00' })).toBe(true);
    expect(isWithinHours('00:30', { from: '23:00', to: '01:00' })).toBe(true);
    expect(isWithinHours('01:00', { from: '23:00', to: '01:00' })).toBe(false);
  });
});
