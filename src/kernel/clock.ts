/** Where instants and durations come from, so that rules can be tested at any time. */
export abstract class Clock {
  /** The wall-clock instant. */
  abstract now(): Date;

  /** Milliseconds that never run backwards; only differences mean anything. */
  abstract monotonicMs(): number;
}

/** The machine's own clock: the only reading of it in `src`. */
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }

  monotonicMs(): number {
    return performance.now();
  }
}
