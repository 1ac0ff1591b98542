import { setImmediate as nextTurn } from 'node:timers/promises';
import { pause } from './pause.js';
import type { Worker } from './worker.js';

const LONGEST_BACK_OFF_MS = 30_000;
const FIRST_BACK_OFF_MS = 250;

/** Told what went wrong before the worker is run again. */
export type OnWorkerFailure = (worker: Worker, error: unknown, retryAfterMs: number) => void;

/** Runs a worker until the signal aborts: at once while busy, after a pause when idle, later after an error. */
export async function runWorker(
  worker: Worker,
  signal: AbortSignal,
  onFailure: OnWorkerFailure,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const outcome = await worker.run(signal);
      failures = 0;
      // Busy or not, everybody else in this process gets a turn.
      if (outcome === 'busy') await nextTurn();
      else await pause(worker.everyMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      const waitMs = Math.min(FIRST_BACK_OFF_MS * 2 ** failures, LONGEST_BACK_OFF_MS);
      failures += 1;
      onFailure(worker, error, waitMs);
      await pause(waitMs, signal);
    }
  }
}
