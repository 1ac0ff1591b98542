import { jest } from '@jest/globals';
import { TestClock } from '../../../test/support/test-clock.js';
import type { BankReply } from './bank-reply.js';
import { CircuitBreaker } from './circuit-breaker.js';

const refused: BankReply = { kind: 'not_sent', reason: 'connect_refused' };
const lost: BankReply = { kind: 'lost', reason: 'connection_lost' };
const noPermit: BankReply = { kind: 'not_sent', reason: 'no_permit' };
const answered = (httpStatus: number, contentType = 'application/json'): BankReply => ({
  kind: 'answered',
  httpStatus,
  body: Buffer.from('{}'),
  contentType,
  retryAfterMs: null,
});
const OPEN: BankReply = { kind: 'not_sent', reason: 'circuit_open' };

const OPEN_MS = 20_000;
const STARTED_AT = new Date('2026-07-10T15:00:00.000Z');

describe('holding calls back from a bank that cannot be reached', () => {
  let states: string[];
  let breaker: CircuitBreaker;
  let clock: TestClock;
  beforeEach(() => {
    // The library reads `Date.now`, which is held still: on a busy machine any real time passes between two lines.
    jest.useFakeTimers({ now: STARTED_AT, advanceTimers: false });
    states = [];
    clock = new TestClock(STARTED_AT);
    const settings = { failures: 3, openMs: OPEN_MS };
    breaker = new CircuitBreaker(settings, clock, (state) => states.push(state));
  });
  afterEach(() => jest.useRealTimers());
  const call = (reply: BankReply) => breaker.run(() => Promise.resolve(reply));
  const failThrice = async (reply: BankReply) => {
    for (let times = 0; times < 3; times += 1) await call(reply);
  };
  const pass = (ms: number): void => {
    clock.advance(ms);
    jest.setSystemTime(clock.now());
  };

  it.each([refused, lost, answered(502, 'text/html')])(
    'opens after failures: %j',
    async (reply) => {
      await failThrice(reply);
      expect(await call(answered(200))).toEqual(OPEN);
      expect(breaker.waitMs).toBe(OPEN_MS);
      expect(states).toEqual(['open']);
    },
  );

  it.each([
    answered(503),
    answered(429),
    answered(403),
    noPermit,
    { kind: 'not_sent', reason: 'queue_full' } as const,
    { kind: 'lost', reason: 'cancelled' } as const,
  ])(
    'does not open for what the bank says itself, or for what never was an attempt: %j',
    async (reply) => {
      await failThrice(reply);
      expect(await call(answered(200))).toEqual(answered(200));
    },
  );

  it('closes after one probe that was answered', async () => {
    await failThrice(refused);
    pass(OPEN_MS);
    expect(breaker.waitMs).toBe(0);
    expect(await call(answered(200))).toEqual(answered(200));
    expect(states).toEqual(['open', 'closed']);
    expect(breaker.waitMs).toBe(0);
  });

  it('stays open after a probe that failed', async () => {
    await failThrice(refused);
    pass(OPEN_MS);
    expect(breaker.waitMs).toBe(0);
    await call(refused);
    expect(await call(answered(200))).toEqual(OPEN);
    expect(breaker.waitMs).toBe(OPEN_MS);
  });

  it('stays open until the very end of its time', async () => {
    await failThrice(refused);
    pass(OPEN_MS - 1);
    expect(breaker.waitMs).toBe(1);
    expect(await call(answered(200))).toEqual(OPEN);
  });

  it('takes a probe without a permit for no proof', async () => {
    await failThrice(refused);
    pass(OPEN_MS);
    expect(breaker.waitMs).toBe(0);
    expect(await call(noPermit)).toEqual(noPermit);
    expect(await call(answered(200))).toEqual(OPEN);
  });
});
