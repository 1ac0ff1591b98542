import { eventually } from '../support/eventually.js';
import { RunningSystem } from '../support/running-system.js';

// The contract of 2 calls a minute in compressed time: a second stands for the minute.
const LIMIT = { calls: 2, windowMs: 1_000 };
const AMOUNT = 124_050;

describe('keeping a contract of two calls with three processes and a crash loop', () => {
  let system: RunningSystem;

  beforeAll(async () => {
    system = await RunningSystem.start(
      {
        BANESCO_LIMIT_CALLS: String(LIMIT.calls),
        BANESCO_LIMIT_WINDOW_MS: String(LIMIT.windowMs),
        BANESCO_LIMIT_PER_TRANSACTION_CALLS: String(LIMIT.calls),
        BANESCO_TOKEN_LIMIT_CALLS: String(LIMIT.calls),
        BANESCO_TIMEOUT_MS: '1000',
        VERIFICATION_VISIBLE_WITHIN_SECONDS: '600',
      },
      { limit: LIMIT },
    );
  });

  afterAll(() => system.stop());

  const breaches = async (): Promise<unknown> => (await system.bankState())['breaches'];
  const underWay = async (): Promise<void> => {
    const before = await calls();
    await eventually(async () => (await calls()) > before, { everyMs: 20 });
  };
  const calls = async (): Promise<number> => Number((await system.bankState())['calls']);
  const isSettled = async (ids: readonly string[]): Promise<boolean> => {
    const all = await Promise.all(ids.map((id) => system.transaction(id)));
    return all.every(({ status }) => status === 'verified');
  };
  let claimed = 0;

  /** Some claims more, for the calls to come: each phase must have work that is due. */
  const submitSome = async (): Promise<readonly string[]> => {
    const references = Array.from({ length: 6 }, () => {
      claimed += 1;
      return String(683_473_100 + claimed).padStart(11, '0');
    });
    await system.addCredits(references.map((reference) => ({ reference, amount: AMOUNT })));
    const ids: string[] = [];
    for (const reference of references) {
      ids.push((await system.submit(system.claim(reference))).body.id);
    }
    return ids;
  };

  it('makes not one call too many, and settles every claim', async () => {
    // Two beside the one that speaks; all three know the quota from Postgres only.
    const killFirst = await system.startBeside();
    await system.startBeside();
    const ids = [...(await submitSome())];
    await underWay();
    await killFirst();
    expect(await breaches()).toBe(0);

    for (let crash = 0; crash < 2; crash += 1) {
      ids.push(...(await submitSome()));
      await underWay();
      await system.killService();
      await system.startService();
      expect(await breaches()).toBe(0);
    }

    await eventually(() => isSettled(ids), { withinMs: 60_000, everyMs: 250 });
    expect(await breaches()).toBe(0);
  });
});
