import { Logger } from '@nestjs/common';
import { InMemoryPermitLog } from '../../../test/support/in-memory-permit-log.js';
import { TestClock } from '../../../test/support/test-clock.js';
import { AskPermits, NoPermit } from './ask-permits.js';
import { PermitLimitsByCredential } from './permit-limits.js';
import type { PermitAnswer, PermitRequest } from './permit-log.port.js';

const limits = new PermitLimitsByCredential(
  new Map([
    [
      'banesco',
      {
        calls: 2,
        windowMs: 40,
        marginMs: 0,
        callsPerTransaction: 2,
        tokenCallsCount: true,
        tokenCalls: 2,
        callDeadlineMs: 0,
      },
    ],
  ]),
);
const request: PermitRequest = {
  credentialId: 'banesco',
  operation: 'look_up',
  transactionId: 'a',
  callDeadlineMs: 0,
};
const patient = new AbortController().signal;

/** Postgres out of reach. */
class BrokenLog extends InMemoryPermitLog {
  override tryTake(): Promise<PermitAnswer> {
    return Promise.reject(new Error('no connection'));
  }
  override resolve(): Promise<void> {
    return Promise.reject(new Error('no connection'));
  }
}

// One of these specs is about a warning.
beforeAll(() => Logger.overrideLogger(false));

describe('spending the permits of one ask', () => {
  let clock: TestClock;
  let log: InMemoryPermitLog;
  beforeEach(() => {
    clock = new TestClock();
    log = new InMemoryPermitLog(limits, clock);
  });
  const handed = async () => {
    const answer = await log.tryTake(request);
    if (answer.outcome !== 'taken') throw new Error('none free');
    return answer.permit;
  };
  const permitsWith = (given: Awaited<ReturnType<typeof handed>> | null, waitMs = 0) =>
    new AskPermits({ log, clock, request, handed: given, waitMs });

  it('uses the permit handed in first, then takes its own', async () => {
    const first = await handed();
    const permits = permitsWith(first);
    expect(await permits.next(patient)).toBe(first);
    const second = await permits.next(patient);
    expect(permits.usedIds).toEqual([first.permitId, second.permitId]);
  });

  it('uses one up to the end of its second, and no longer', async () => {
    const first = await handed();
    clock.advance(999);
    expect(await permitsWith(first).next(patient)).toBe(first);
    clock.advance(1);
    expect(await permitsWith(first).next(patient)).not.toBe(first);
  });

  it('gives one that lapsed back and takes another', async () => {
    const lapsed = await handed();
    clock.advance(1000);
    const permits = permitsWith(lapsed);
    const fresh = await permits.next(patient);
    expect(permits.usedIds).toEqual([fresh.permitId]);
    clock.advance(40);
    // The lapsed one counts from its return, not from a deadline.
    expect(await log.usage('banesco')).toEqual({ used: 1, free: 1, coolDownMs: 0 });
  });

  it('gives one back that nothing was sent under', async () => {
    const permits = permitsWith(await handed());
    await permits.giveBackUnused();
    clock.advance(40);
    expect(await log.usage('banesco')).toEqual({ used: 0, free: 2, coolDownMs: 0 });
  });

  it('does not wait for a permit longer than it may', async () => {
    await log.coolDown('banesco', 50, 'rate_limited');
    const permits = permitsWith(null, 49);
    await expect(permits.next(patient)).rejects.toBeInstanceOf(NoPermit);
    expect(permits.nextFreeInMs).toBe(50);
    expect(permits.usedIds).toEqual([]);
  });

  it('stops waiting when the ask is given up', async () => {
    await log.coolDown('banesco', 10_000, 'rate_limited');
    const giving = new AbortController();
    const waiting = permitsWith(null, 20_000).next(giving.signal);
    giving.abort();
    await expect(waiting).rejects.toBeInstanceOf(NoPermit);
  });

  it('takes none when the log cannot be read', async () => {
    log = new BrokenLog(limits, clock);
    const permits = permitsWith(null);
    await expect(permits.next(patient)).rejects.toBeInstanceOf(NoPermit);
    expect(permits.nextFreeInMs).toBeNull();
  });

  it('bears that an answer cannot be written down', async () => {
    const permit = await handed();
    log = new BrokenLog(limits, clock);
    await expect(permitsWith(null).settle(permit)).resolves.toBeUndefined();
  });
});
