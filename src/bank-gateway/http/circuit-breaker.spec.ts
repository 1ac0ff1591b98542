import { eventually } from '../../../test/support/eventually.js';
import { SystemClock } from '../../kernel/clock.js';
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

// The library reads the machine's clock, so these specs wait; a few milliseconds at a time.
const OPEN_MS = 20;

describe('holding calls back from a bank that cannot be reached', () => {
  let states: string[];
  let breaker: CircuitBreaker;
  beforeEach(() => {
    states = [];
    const settings = { failures: 3, openMs: OPEN_MS };
    breaker = new CircuitBreaker(settings, new SystemClock(), (state) => states.push(state));
  });
  const call = (reply: BankReply) => breaker.run(() => Promise.resolve(reply));
  const failThrice = async (reply: BankReply) => {
    for (let times = 0; times < 3; times += 1) await call(reply);
  };
  const probing = () => eventually(() => breaker.waitMs === 0, { everyMs: 2 });

  it.each([refused, lost, answered(502, 'text/html')])(
    'opens after failures: %j',
    async (reply) => {
      await failThrice(reply);
      expect(await call(answered(200))).toEqual(OPEN);
      expect(breaker.waitMs).toBeGreaterThan(0);
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
    await probing();
    expect(await call(answered(200))).toEqual(answered(200));
    expect(states).toEqual(['open', 'closed']);
    expect(breaker.waitMs).toBe(0);
  });

  it('stays open after a probe that failed', async () => {
    await failThrice(refused);
    await probing();
    await call(refused);
    expect(await call(answered(200))).toEqual(OPEN);
  });

  it('takes a probe without a permit for no proof', async () => {
    await failThrice(refused);
    await probing();
    expect(await call(noPermit)).toEqual(noPermit);
    expect(await call(answered(200))).toEqual(OPEN);
  });
});
