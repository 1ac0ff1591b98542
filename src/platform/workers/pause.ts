import { setTimeout as delay } from 'node:timers/promises';

/** Waits so long, or until the signal aborts; never throws. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** True when the work ended within the time; false when it is still going on. Throws what the work threw. */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController();
  const tooLate = delay(ms, false, { signal: patience.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), tooLate]);
  } finally {
    // A timer that is left running would keep the process alive for the rest of the time.
    patience.abort();
  }
}
