/**
 * Where instants and durations come from, so that rules can be tested at any time. Waiting is part of it, since a
 * simulated day must not take one; a clock that only shows another time still waits for real.
 */
export abstract class Clock {
  /** The wall-clock instant. */
  abstract now(): Date;

  /** Milliseconds that never run backwards; only differences mean anything. */
  abstract monotonicMs(): number;

  /** Resolves once so much time has passed, or the signal aborts; never throws. */
  pause(forMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, forMs);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  /** A signal that aborts once so much time has passed. */
  timeout(afterMs: number): AbortSignal {
    return AbortSignal.timeout(afterMs);
  }
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
