import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats a check until it passes: gives what it returned, or throws its last error at the deadline, which is
 * far away: it costs nothing where the check passes, and a busy machine may need it.
 * A check passes when it neither throws nor returns false.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { withinMs = 30_000, everyMs = 10 } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      const result = await check();
      if (result !== false) return result;
      if (performance.now() > deadline) throw new Error(`still false after ${withinMs} ms`);
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(everyMs);
  }
}
