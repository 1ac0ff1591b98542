import { setTimeout as pause } from 'node:timers/promises';
import { PermitLimitsByCredential } from '../../src/bank-gateway/permits/permit-limits.js';
import type { PermitLog } from '../../src/bank-gateway/permits/permit-log.port.js';
import { PostgresPermitLog } from '../../src/bank-gateway/permits/postgres-permit-log.store.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import { SharedDatabase } from '../support/shared-database.js';

const CALLS = 3;
const WINDOW_MS = 120;
const RUN_MS = 2500;

const limits = new PermitLimitsByCredential(
  new Map([
    [
      'banesco',
      {
        calls: CALLS,
        windowMs: WINDOW_MS,
        marginMs: 5,
        callsPerTransaction: CALLS,
        tokenCallsCount: true,
        tokenCalls: CALLS,
        callDeadlineMs: 0,
      },
    ],
  ]),
);

describe('taking permits from several instances at once', () => {
  let database: SharedDatabase;
  beforeAll(async () => (database = await SharedDatabase.start()));
  afterAll(() => database.stop());

  it('never exceeds the contract in any window that a strict bank could see', async () => {
    const arrivals: number[] = [];
    const until = performance.now() + RUN_MS;
    const logs = Array.from(
      { length: 3 },
      () =>
        new PostgresPermitLog(
          database.connect(),
          limits,
          new SystemClock(),
          new SystemRandomSource(),
        ),
    );
    const takers = logs.flatMap((log) =>
      [0, 1, 2, 3].map((n) => callUntil(until, log, n, arrivals)),
    );
    await Promise.all(takers);

    arrivals.sort((a, b) => a - b);
    const worst = Math.max(
      ...arrivals.map(
        (start) => arrivals.filter((at) => at >= start && at < start + WINDOW_MS).length,
      ),
    );
    expect(worst).toBeLessThanOrEqual(CALLS);
    // The contract is used, not merely kept.
    expect(arrivals.length).toBeGreaterThan((RUN_MS / WINDOW_MS) * CALLS * 0.3);
  });
});

/** One caller of one instance: takes permits as fast as they come, calls at an odd moment, resolves after it. */
async function callUntil(
  until: number,
  log: PermitLog,
  oddness: number,
  arrivals: number[],
): Promise<void> {
  while (performance.now() < until) {
    const answer = await log.tryTake({
      credentialId: 'banesco',
      operation: 'sweep',
      transactionId: null,
      callDeadlineMs: 200,
    });
    if (answer.outcome === 'wait') {
      await pause(answer.waitMs);
      continue;
    }
    await pause(oddness * 7);
    arrivals.push(performance.now());
    await log.resolve(answer.permit.permitId);
  }
}
