import { Clock } from '../../src/kernel/clock.js';

/** Time that moves only when a test says so. */
export class TestClock extends Clock {
  private elapsedMs = 0;

  constructor(private readonly start: Date = new Date('2026-11-20T14:00:00.000Z')) {
    super();
  }

  now(): Date {
    return new Date(this.start.getTime() + this.elapsedMs);
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  advance(ms: number): void {
    this.elapsedMs += ms;
  }
}
