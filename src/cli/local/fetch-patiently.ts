import { setTimeout as delay } from 'node:timers/promises';

// A process that is just starting, restarting or shedding load says so, or does not listen.
const REPEATABLE = new Set([429, 502, 503, 504]);
const REPEAT_FOR_MS = 60_000;
const LONGEST_PAUSE_MS = 2_000;
const ANSWERS_WITHIN_MS = 10_000;

/**
 * Asks again while the other side is not there; only for what may safely be repeated.
 * @throws Error after a minute
 */
export async function fetchPatiently(url: string, init: RequestInit): Promise<Response> {
  const deadline = performance.now() + REPEAT_FOR_MS;
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const response = await fetch(url, {
      ...init,
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    }).catch((error: unknown) => error);
    if (response instanceof Response && !REPEATABLE.has(response.status)) return response;
    const why = response instanceof Response ? `it answers ${response.status}` : 'no answer';
    if (performance.now() > deadline) throw new Error(`${url}: ${why} for a minute`);
    if (response instanceof Response) await response.body?.cancel();
    await delay(pauseMs);
  }
}
