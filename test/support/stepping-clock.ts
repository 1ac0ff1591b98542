import type { Clock } from '../../src/kernel/clock.js';

/** A database's clock: as fast as another, but somebody sets it now and then. */
export class SteppingClock implements Pick<Clock, 'monotonicMs'> {
  private steppedMs = 0;

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  monotonicMs(): number {
    return this.clock.monotonicMs() + this.steppedMs;
  }

  /** Forward, or back when negative. */
  step(ms: number): void {
    this.steppedMs += ms;
  }
}
