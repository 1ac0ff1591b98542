import type { CallLimit } from './bank-options.js';

/** What an arrival meets: room, or how long until there is room. */
export interface Arrival {
  readonly breach: boolean;
  readonly retryAfterMs: number;
}

/**
 * Counts arrivals in a sliding window, the strictest reading of the bank's limit: a call that is
 * refused counts like any other, so whoever hammers stays out.
 */
export class CallWindow {
  private arrivals: number[] = [];

  constructor(private readonly limit: Omit<CallLimit, 'countTokenCalls'>) {}

  /** `atMs` is monotonic and never less than that of the arrival before. */
  arrive(atMs: number): Arrival {
    this.arrivals = this.arrivals.filter((past) => past > atMs - this.limit.windowMs);
    this.arrivals.push(atMs);
    if (this.limit.calls === 0 || this.arrivals.length <= this.limit.calls) {
      return { breach: false, retryAfterMs: 0 };
    }
    // Room for one more opens when all but calls - 1 of the present arrivals have left the window.
    const lastToLeave = this.arrivals[this.arrivals.length - this.limit.calls] ?? atMs;
    return { breach: true, retryAfterMs: lastToLeave + this.limit.windowMs - atMs };
  }

  clear(): void {
    this.arrivals = [];
  }
}
