import { InMemoryPermitLog } from '../../../test/support/in-memory-permit-log.js';
import { TestClock } from '../../../test/support/test-clock.js';
import { type PermitLimits, PermitLimitsByCredential } from './permit-limits.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const limits: PermitLimits = {
  calls: 2,
  windowMs: MINUTE_MS,
  marginMs: 500,
  callsPerTransaction: 2,
  tokenCallsCount: true,
  tokenCalls: 2,
  callDeadlineMs: 20_000,
};

/** Calls one after the other for an hour, each as soon as the log says that it may be worth asking. */
async function callsOfAnHour(durationMs: number): Promise<{ calls: number; refusals: number }> {
  const clock = new TestClock();
  const log = new InMemoryPermitLog(new PermitLimitsByCredential(new Map([['b', limits]])), clock);
  let [calls, refusals] = [0, 0];
  while (clock.monotonicMs() < HOUR_MS) {
    const request = { credentialId: 'b', operation: 'sweep' as const, transactionId: null };
    const answer = await log.tryTake({ ...request, callDeadlineMs: limits.callDeadlineMs });
    if (answer.outcome === 'wait') {
      refusals += 1;
      clock.advance(answer.waitMs);
      continue;
    }
    calls += 1;
    clock.advance(durationMs);
    await log.resolve(answer.permit.permitId);
  }
  return { calls, refusals };
}

describe('using what the contract allows while work is due', () => {
  it.each([200, 800, 2000])('leaves no permit idle when calls last %d ms', async (durationMs) => {
    const { calls, refusals } = await callsOfAnHour(durationMs);
    // What a window, its margin and the call itself leave room for.
    const room = (HOUR_MS / (MINUTE_MS + limits.marginMs + durationMs)) * limits.calls;
    expect(calls / room).toBeGreaterThanOrEqual(0.95);
    expect(calls).toBeLessThanOrEqual((HOUR_MS / MINUTE_MS) * limits.calls + limits.calls);
    // Told exactly when to come back, nobody asks in vain more than once for a permit.
    expect(refusals).toBeLessThanOrEqual(calls);
  });
});
