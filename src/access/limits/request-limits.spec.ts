import { TestClock } from '../../../test/support/test-clock.js';
import { LimitsConfig, type Rate } from './limits.config.js';
import { RequestLimits } from './request-limits.js';
import type { Count, RequestCountStore } from './request-counts.store.js';
import { quotaAfter, windowStartMs } from './request-window.js';

/** The sums of all instances, as the table keeps them. */
class CountsInMemory implements Pick<RequestCountStore, 'add' | 'forget'> {
  readonly sums = new Map<string, number>();
  away = false;

  add(counts: readonly Count[]): Promise<readonly Count[]> {
    if (this.away) {
      return Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    }
    return Promise.resolve(
      counts.map((count) => {
        const key = `${count.policy} ${count.caller} ${count.windowStart.toISOString()}`;
        const used = (this.sums.get(key) ?? 0) + count.used;
        this.sums.set(key, used);
        return { ...count, used };
      }),
    );
  }

  forget(): Promise<bigint> {
    return Promise.resolve(0n);
  }
}

const three: Rate = { requests: 3, seconds: 60 };

function stage() {
  const clock = new TestClock();
  const counts = new CountsInMemory();
  const instance = () =>
    new RequestLimits(
      new LimitsConfig({ login: three, register: three, default: three }),
      counts as unknown as RequestCountStore,
      clock,
    );
  return { clock, counts, instance };
}

describe('counting requests', () => {
  it('allows so many in a window and begins anew with the next', () => {
    const { instance, clock } = stage();
    const limits = instance();
    const taken = () => limits.take('default', 'a').allowed;
    expect([taken(), taken(), taken(), taken()]).toEqual([true, true, true, false]);
    clock.advance(60_000);
    expect(taken()).toBe(true);
  });

  it('counts each caller and each policy by itself', () => {
    const limits = stage().instance();
    for (const caller of ['a', 'a', 'a']) limits.take('default', caller);
    expect(limits.take('default', 'b').remaining).toBe(2);
    expect(limits.take('login', 'a').remaining).toBe(2);
  });

  it('counts with the other instances once they have told each other', async () => {
    const { instance } = stage();
    const [one, other] = [instance(), instance()];
    one.take('default', 'a');
    one.take('default', 'a');
    await one.exchange();
    other.take('default', 'a');
    await other.exchange();

    expect(other.take('default', 'a').allowed).toBe(false);
  });

  it('counts exactly, whoever is asked', async () => {
    const { instance } = stage();
    const [one, other] = [instance(), instance()];
    const quotas = await Promise.all([
      one.takeExactly('login', 'a'),
      other.takeExactly('login', 'a'),
      one.takeExactly('login', 'a'),
      other.takeExactly('login', 'a'),
    ]);
    expect(quotas.filter(({ allowed }) => allowed)).toHaveLength(3);
  });

  it('counts alone while the database is away, and tells the others afterwards', async () => {
    const { instance, counts } = stage();
    const limits = instance();
    counts.away = true;
    const taken = async () => (await limits.takeExactly('login', 'a')).allowed;
    expect([await taken(), await taken(), await taken(), await taken()]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    limits.take('default', 'a');
    await expect(limits.exchange()).rejects.toThrow('refused');
    counts.away = false;
    await limits.exchange();
    expect([...counts.sums.values()]).toEqual([1]);
  });
});

describe('telling what is left', () => {
  it('counts down to the end of the window, and never says now', () => {
    const start = windowStartMs(three, 1_773_151_245_000);
    expect(quotaAfter(three, 1, start)).toEqual({ allowed: true, remaining: 2, resetSeconds: 60 });
    expect(quotaAfter(three, 3, start + 59_999)).toEqual({
      allowed: true,
      remaining: 0,
      resetSeconds: 1,
    });
    expect(quotaAfter(three, 4, start)).toMatchObject({ allowed: false, remaining: 0 });
  });
});
