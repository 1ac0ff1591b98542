import { createSecretKey } from 'node:crypto';
import { DataKeySupply } from './data-key-supply.js';
import type { DataKey } from './data-key.store.js';

const limits = { batch: 4, high: 8, low: 4 };

/** Mints numbered keys; each call waits until it is let go. */
const slowMint = () => {
  let minted = 0;
  const waiting: (() => void)[] = [];
  return {
    calls: () => waiting.length,
    finish: (call: number) => waiting[call]?.(),
    mint: async (count: number): Promise<readonly DataKey[]> => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return Array.from({ length: count }, () => ({
        keyId: `key-${(minted += 1)}`,
        key: createSecretKey(Buffer.alloc(32)),
        nonce: Buffer.alloc(12),
      }));
    },
  };
};

const quickMint = () => {
  let minted = 0;
  return (count: number): Promise<readonly DataKey[]> =>
    Promise.resolve(
      Array.from({ length: count }, () => ({
        keyId: `key-${(minted += 1)}`,
        key: createSecretKey(Buffer.alloc(32)),
        nonce: Buffer.alloc(12),
      })),
    );
};

const settled = async <T>(promise: Promise<T>): Promise<boolean> => {
  const marker = {};
  const turn = new Promise<object>((resolve) => setImmediate(() => resolve(marker)));
  return (await Promise.race([promise, turn])) !== marker;
};

describe('holding keys ready', () => {
  it('gives every key to one taker only', async () => {
    const supply = new DataKeySupply(quickMint(), limits);
    const taken = await Promise.all(Array.from({ length: 50 }, () => supply.take()));
    expect(new Set(taken.map(({ keyId }) => keyId)).size).toBe(50);
  });

  it('waits only for the first batch', async () => {
    const slow = slowMint();
    const supply = new DataKeySupply(slow.mint, limits);
    const first = supply.take();
    expect(await settled(first)).toBe(false);
    slow.finish(0);
    await first;
    expect(await settled(supply.take())).toBe(true);
  });

  it('refills before it runs out, one insert at a time', async () => {
    const slow = slowMint();
    const supply = new DataKeySupply(slow.mint, { batch: 8, high: 8, low: 4 });
    const first = supply.take();
    slow.finish(0);
    await first;
    for (let taken = 1; taken < 8; taken += 1) expect(await settled(supply.take())).toBe(true);
    expect(slow.calls()).toBe(2);
  });

  it('says why when there is none and none can be made', async () => {
    let broken = true;
    const mint = quickMint();
    const supply = new DataKeySupply(
      (count) => (broken ? Promise.reject(new Error('no database')) : mint(count)),
      limits,
    );
    await expect(supply.take()).rejects.toThrow('no database');
    broken = false;
    await expect(supply.take()).resolves.toMatchObject({ keyId: expect.any(String) });
  });

  it('lets nobody notice a refill that fails while keys are left', async () => {
    const mint = quickMint();
    let calls = 0;
    const supply = new DataKeySupply(
      (count) => (++calls > 1 ? Promise.reject(new Error('no database')) : mint(count)),
      { batch: 4, high: 4, low: 4 },
    );
    for (let taken = 0; taken < 4; taken += 1) await supply.take();
    await expect(supply.take()).rejects.toThrow('no database');
  });

  it('ends with the insert under way, and then makes keys only for who waits', async () => {
    const source = slowMint();
    const supply = new DataKeySupply(source.mint, limits);
    const filling = supply.refill();
    const closing = supply.close();
    expect(await settled(closing)).toBe(false);

    source.finish(0);
    await Promise.all([filling, closing]);
    expect(source.calls()).toBe(1);

    for (let taken = 0; taken < limits.batch; taken += 1) await supply.take();
    expect(source.calls()).toBe(1);
    const waiting = supply.take();
    source.finish(1);
    await waiting;
    expect(source.calls()).toBe(2);
  });
});
