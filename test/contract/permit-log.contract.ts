import type { PermitLimits } from '../../src/bank-gateway/permits/permit-limits.js';
import type {
  Permit,
  PermitLog,
  PermitRequest,
} from '../../src/bank-gateway/permits/permit-log.port.js';

export const CREDENTIAL = 'banesco-one';
const OTHER_CREDENTIAL = 'banesco-two';
const LOOSE_TOKENS = 'banesco-loose-tokens';
const STEPPED = 'banesco-stepped';

const MINUTE_MS = 60_000;
const DEADLINE_MS = 20_000;
const VALID_MS = 1000;
// Both far above what a real database and a slow machine add between two statements.
const MARGIN_MS = 45_000;
const STEP_MS = 30_000;

const strict: PermitLimits = {
  calls: 2,
  windowMs: MINUTE_MS,
  marginMs: 0,
  callsPerTransaction: 1,
  tokenCallsCount: true,
  tokenCalls: 1,
  callDeadlineMs: DEADLINE_MS / 2,
};

/** The limits that every log under this suite is made with. */
export const CONTRACT_LIMITS: ReadonlyMap<string, PermitLimits> = new Map([
  [CREDENTIAL, strict],
  [OTHER_CREDENTIAL, strict],
  [LOOSE_TOKENS, { ...strict, tokenCallsCount: false }],
  [STEPPED, { ...strict, marginMs: MARGIN_MS }],
]);

export interface PermitLogUnderTest {
  readonly log: PermitLog;
  /** Lets time pass for the log and for the monotonic clock alike. */
  readonly elapse: (ms: number) => Promise<void>;
  /** Somebody sets the log's clock forward, or back; no time passes. */
  readonly step: (ms: number) => Promise<void>;
}

const lookUp = (transactionId: string, credentialId = CREDENTIAL): PermitRequest => ({
  credentialId,
  operation: 'look_up',
  transactionId,
  callDeadlineMs: DEADLINE_MS,
});
const sweep: PermitRequest = { ...lookUp(''), operation: 'sweep', transactionId: null };
const token = (credentialId = CREDENTIAL): PermitRequest => ({
  ...sweep,
  credentialId,
  operation: 'token',
});

/** What every permit log keeps, whatever holds it. `open` gives an empty one. */
export function permitLogContract(open: () => Promise<PermitLogUnderTest>): void {
  let log: PermitLog;
  let elapse: PermitLogUnderTest['elapse'];
  let step: PermitLogUnderTest['step'];
  beforeEach(async () => ({ log, elapse, step } = await open()));

  const take = async (request: PermitRequest): Promise<Permit> => {
    const answer = await log.tryTake(request);
    if (answer.outcome !== 'taken') throw new Error(`no permit for ${answer.waitMs} ms`);
    return answer.permit;
  };
  const waitFor = async (request: PermitRequest): Promise<number> => {
    const answer = await log.tryTake(request);
    return answer.outcome === 'taken' ? 0 : answer.waitMs;
  };
  // A real database spends some milliseconds between two statements.
  const expectAbout = (actualMs: number, expectedMs: number) => {
    expect(actualMs).toBeLessThanOrEqual(expectedMs);
    expect(actualMs).toBeGreaterThan(expectedMs - 2000);
  };

  describe('taking permits', () => {
    it('gives as many as the contract allows, then says how long to wait', async () => {
      const first = await take(lookUp('a'));
      await log.resolve(first.permitId);
      await elapse(10_000);
      await log.resolve((await take(lookUp('b'))).permitId);
      expectAbout(await waitFor(sweep), 50_000);
    });

    it('gives the next as soon as the wait is over', async () => {
      await log.resolve((await take(lookUp('a'))).permitId);
      await log.resolve((await take(lookUp('b'))).permitId);
      await elapse(await waitFor(lookUp('c')));
      expect(await waitFor(lookUp('c'))).toBe(0);
    });

    it('gives every permit an id of its own and the credential it was asked for', async () => {
      const permits = [await take(lookUp('a')), await take(lookUp('b'))];
      expect(new Set(permits.map((permit) => permit.permitId)).size).toBe(2);
      expect(permits.map((permit) => permit.credentialId)).toEqual([CREDENTIAL, CREDENTIAL]);
    });

    it('counts each credential for itself', async () => {
      await take(lookUp('a'));
      await take(lookUp('b'));
      expect(await waitFor(lookUp('c', OTHER_CREDENTIAL))).toBe(0);
    });

    it('makes a permit valid for one second of the monotonic clock', async () => {
      const { validUntilMonotonicMs: first } = await take(lookUp('a'));
      await elapse(500);
      const { validUntilMonotonicMs: second } = await take(lookUp('b'));
      expect(second - first).toBe(500);
    });
  });

  describe('counting a call until its latest possible arrival has left the window', () => {
    it('counts an answered call from its answer', async () => {
      const [permit] = [await take(lookUp('a')), await take(lookUp('b'))];
      await elapse(5000);
      await log.resolve(permit.permitId);
      await elapse(MINUTE_MS - 3000);
      expectAbout(await waitFor(sweep), 3000);
      await elapse(3000);
      expect(await waitFor(sweep)).toBe(0);
    });

    it('counts a call without an answer from its deadline', async () => {
      await take(lookUp('a'));
      await take(lookUp('b'));
      await elapse(VALID_MS + DEADLINE_MS + MINUTE_MS - 3000);
      expectAbout(await waitFor(sweep), 3000);
      await elapse(3000);
      expect(await waitFor(sweep)).toBe(0);
    });

    it('counts it no shorter than an attempt may last, whatever deadline was asked', async () => {
      await take({ ...sweep, callDeadlineMs: 1 });
      await elapse(VALID_MS + DEADLINE_MS / 2 + MINUTE_MS - 3000);
      expect((await log.usage(CREDENTIAL)).used).toBe(1);
      await elapse(3000);
      expect((await log.usage(CREDENTIAL)).used).toBe(0);
    });

    it('tells the earliest end of a call that is still under way', async () => {
      await take(lookUp('a'));
      await take(lookUp('b'));
      await elapse(7000);
      expectAbout(await waitFor(sweep), MINUTE_MS);
    });

    it('keeps the first answer, and none later than the deadline', async () => {
      const permit = await take(lookUp('a'));
      await log.resolve((await take(lookUp('b'))).permitId);
      await elapse(VALID_MS + DEADLINE_MS + 30_000);
      await log.resolve(permit.permitId);
      await elapse(MINUTE_MS - 30_000);
      expect((await log.usage(CREDENTIAL)).used).toBe(0);
    });

    it('takes an answer for an unknown permit without complaint', async () => {
      await log.resolve('11111111-1111-4111-8111-111111111111');
      expect((await log.usage(CREDENTIAL)).used).toBe(0);
    });
  });

  describe('bearing a clock that steps by less than its margin', () => {
    const stepped = { ...sweep, credentialId: STEPPED };

    it.each<readonly [string, number, number]>([
      ['forward after the answers', 0, STEP_MS],
      ['forward before the answers', STEP_MS, 0],
      ['back before the answers, and forward again', -STEP_MS, STEP_MS],
      ['back after the answers', 0, -STEP_MS],
    ])('keeps a whole window between calls when it steps %s', async (_, before, after) => {
      const permits = [await take(stepped), await take(stepped)];
      await step(before);
      for (const { permitId } of permits) await log.resolve(permitId);
      await step(after);
      await elapse(MINUTE_MS - 10_000);
      expect(await waitFor(stepped)).toBeGreaterThan(0);
      await elapse(MARGIN_MS + STEP_MS + 10_000);
      expect(await waitFor(stepped)).toBe(0);
    });

    it('keeps it for a call without an answer too', async () => {
      await take(stepped);
      await take(stepped);
      await step(STEP_MS);
      await elapse(VALID_MS + DEADLINE_MS + MINUTE_MS - 10_000);
      expect((await log.usage(STEPPED)).used).toBe(2);
    });

    it('makes no permit valid for longer by it', async () => {
      const { validUntilMonotonicMs: first } = await take(stepped);
      await step(-STEP_MS);
      const { validUntilMonotonicMs: second } = await take(stepped);
      expect(second).toBe(first);
    });
  });

  describe('limiting look-ups per transaction', () => {
    it('refuses a second look-up of one transaction while the credential has permits', async () => {
      await log.resolve((await take(lookUp('a'))).permitId);
      expectAbout(await waitFor(lookUp('a')), MINUTE_MS);
      expect(await waitFor(lookUp('b'))).toBe(0);
    });

    it('does not limit sweeps so', async () => {
      await take(lookUp('a'));
      expect(await waitFor({ ...sweep, transactionId: 'a' })).toBe(0);
    });
  });

  describe('limiting token calls', () => {
    it('charges them to the credential where the contract counts them', async () => {
      await take(token());
      await take(lookUp('a'));
      expect(await waitFor(lookUp('b'))).toBeGreaterThan(0);
    });

    it('has a bucket for them beside it', async () => {
      await log.resolve((await take(token())).permitId);
      expectAbout(await waitFor(token()), MINUTE_MS);
      expect(await waitFor(lookUp('a'))).toBe(0);
    });

    it('charges only their own bucket where the contract does not count them', async () => {
      await take(token(LOOSE_TOKENS));
      await take(lookUp('a', LOOSE_TOKENS));
      await take(lookUp('b', LOOSE_TOKENS));
      expect(await waitFor(token(LOOSE_TOKENS))).toBeGreaterThan(0);
      expect(await log.usage(LOOSE_TOKENS)).toEqual({ used: 2, free: 0, coolDownMs: 0 });
      await elapse(VALID_MS + DEADLINE_MS + MINUTE_MS);
      await take(lookUp('c', LOOSE_TOKENS));
      await take(lookUp('d', LOOSE_TOKENS));
      expect(await waitFor(token(LOOSE_TOKENS))).toBe(0);
    });
  });

  describe('cooling down', () => {
    it('gives no permit until the time has passed', async () => {
      await log.coolDown(CREDENTIAL, 300_000, 'rate_limited');
      expectAbout(await waitFor(lookUp('a')), 300_000);
      expectAbout(await waitFor(token()), 300_000);
      await elapse(300_000);
      expect(await waitFor(lookUp('a'))).toBe(0);
    });

    it('lets the longer of two stand', async () => {
      await log.coolDown(CREDENTIAL, 300_000, 'maintenance');
      await log.coolDown(CREDENTIAL, 10_000, 'rate_limited');
      expectAbout(await waitFor(lookUp('a')), 300_000);
      await log.coolDown(CREDENTIAL, 400_000, 'maintenance');
      expectAbout(await waitFor(lookUp('a')), 400_000);
    });

    it('leaves other credentials alone', async () => {
      await log.coolDown(CREDENTIAL, 300_000, 'rate_limited');
      expect(await waitFor(lookUp('a', OTHER_CREDENTIAL))).toBe(0);
    });
  });

  describe('telling the usage', () => {
    it('counts what is used and what is free', async () => {
      expect(await log.usage(CREDENTIAL)).toEqual({ used: 0, free: 2, coolDownMs: 0 });
      await take(lookUp('a'));
      expect(await log.usage(CREDENTIAL)).toEqual({ used: 1, free: 1, coolDownMs: 0 });
    });

    it('calls nothing free during a cool-down, and tells how long it lasts', async () => {
      await log.coolDown(CREDENTIAL, 300_000, 'rate_limited');
      const { coolDownMs, ...permits } = await log.usage(CREDENTIAL);
      expect(permits).toEqual({ used: 0, free: 0 });
      expectAbout(coolDownMs, 300_000);
    });

    it('takes nothing by being refused', async () => {
      await take(lookUp('a'));
      await waitFor(lookUp('a'));
      expect((await log.usage(CREDENTIAL)).used).toBe(1);
    });
  });
}
