import * as fc from 'fast-check';
import type { PermitLimits } from './permit-limits.js';
import { PermitLimitsByCredential } from './permit-limits.js';
import type { PermitRequest } from './permit-log.port.js';
import { type CountingPermit, freesInMs, PERMIT_VALID_MS, usageOf, waitMsFor } from './quota.js';

const limits: PermitLimits = {
  calls: 2,
  windowMs: 60_000,
  marginMs: 500,
  callsPerTransaction: 2,
  tokenCallsCount: true,
  tokenCalls: 2,
  callDeadlineMs: 20_000,
};
const request: PermitRequest = {
  credentialId: 'banesco',
  operation: 'look_up',
  transactionId: 'a',
  callDeadlineMs: 20_000,
};
const counting = (freesIn: number, change: Partial<CountingPermit> = {}): CountingPermit => ({
  operation: 'look_up',
  transactionId: 'a',
  freesInMs: freesIn,
  ...change,
});
const waitWith = (permits: readonly CountingPermit[], coolDownMs = 0) =>
  waitMsFor(request, { counting: permits, coolDownMs }, limits);

describe('reckoning when a permit frees', () => {
  it('adds the window and the margin to the answer', () => {
    const answered = { deadlineMs: 20_000, resolvedMs: 1000 };
    expect(freesInMs(answered, 5000, limits)).toBe(56_500);
  });

  it('adds them to the deadline of a call that never answered', () => {
    const silent = { deadlineMs: 20_000, resolvedMs: null };
    expect(freesInMs(silent, 30_000, limits)).toBe(50_500);
  });

  it('takes the soonest possible answer of a call under way', () => {
    const underWay = { deadlineMs: 20_000, resolvedMs: null };
    expect(freesInMs(underWay, 5000, limits)).toBe(60_500);
  });
});

describe('reckoning how long to wait', () => {
  it('lets a call through while the contract has room', () => {
    expect(waitWith([counting(10)])).toBe(0);
  });

  it('waits for the soonest of a full window', () => {
    expect(waitWith([counting(9000), counting(4000.2)])).toBe(4001);
  });

  it('waits for as many as are too many', () => {
    expect(waitWith([counting(9000), counting(4000), counting(5000)])).toBe(5000);
  });

  it('waits for the longest of all reasons', () => {
    expect(waitWith([counting(9000), counting(4000)], 12_000)).toBe(12_000);
    expect(waitWith([counting(9000), counting(40_000)], 12_000)).toBe(12_000);
  });

  it('never shows a negative number of free permits', () => {
    const permits = [counting(1), counting(1), counting(1)];
    expect(usageOf({ counting: permits, coolDownMs: 0 }, limits)).toMatchObject({
      used: 3,
      free: 0,
    });
  });
});

describe('naming limits', () => {
  it('refuses a limit below one, which would let everything through', () => {
    const none = new Map([['banesco', { ...limits, calls: 0 }]]);
    expect(() => new PermitLimitsByCredential(none)).toThrow('a limit below one');
  });

  it('refuses a credential without a contract', () => {
    expect(() => new PermitLimitsByCredential(new Map()).of('banesco')).toThrow(
      'a credential without limits',
    );
  });
});

describe('keeping the contract whatever the calls do', () => {
  interface Call {
    readonly takenMs: number;
    readonly deadlineMs: number;
    readonly resolvedMs: number | null;
    readonly arrivedMs: number;
  }
  // A call begins some time after its permit, arrives some time later, and is answered later still or never.
  const plan = fc.array(
    fc.record({
      pauseMs: fc.integer({ min: 0, max: 40_000 }),
      arrivesAfterMs: fc.integer({ min: 0, max: 20_000 + PERMIT_VALID_MS }),
      answersAfterMs: fc.option(fc.integer({ min: 0, max: 20_000 })),
    }),
    { minLength: 3, maxLength: 40 },
  );

  const run = (
    steps: readonly { pauseMs: number; arrivesAfterMs: number; answersAfterMs: number | null }[],
  ) => {
    const calls: Call[] = [];
    let nowMs = 0;
    for (const step of steps) {
      nowMs += step.pauseMs;
      // The answer of a call under way is not known yet.
      const known = calls.map((call) => ({
        deadlineMs: call.deadlineMs,
        resolvedMs: call.resolvedMs !== null && call.resolvedMs <= nowMs ? call.resolvedMs : null,
      }));
      const frees = known.map((call) => freesInMs(call, nowMs, limits)).filter((ms) => ms > 0);
      if (waitWith(frees.map((ms) => counting(ms))) > 0) continue;
      const arrivedMs = nowMs + step.arrivesAfterMs;
      const deadlineMs = nowMs + PERMIT_VALID_MS + request.callDeadlineMs;
      const answered = arrivedMs + (step.answersAfterMs ?? Infinity);
      calls.push({
        takenMs: nowMs,
        deadlineMs,
        resolvedMs: answered <= deadlineMs ? answered : null,
        arrivedMs,
      });
    }
    return calls;
  };

  it('never lets the bank see more calls in a window than agreed', () => {
    fc.assert(
      fc.property(plan, (steps) => {
        const arrivals = run(steps).map((call) => call.arrivedMs);
        for (const start of arrivals) {
          const seen = arrivals.filter((at) => at >= start && at <= start + limits.windowMs);
          expect(seen.length).toBeLessThanOrEqual(limits.calls);
        }
      }),
    );
  });
});
