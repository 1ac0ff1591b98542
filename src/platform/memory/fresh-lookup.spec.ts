import { TestClock } from '../../../test/support/test-clock.js';
import { Metrics } from '../metrics/metrics.js';
import { FreshLookup } from './fresh-lookup.js';

/** A lookup whose loads are answered by hand. */
function stage(options: { maxEntries?: number; bridgeOutageMs?: number } = {}) {
  const clock = new TestClock();
  const loads: { key: string; answer: (value: string) => void; fail: (error: Error) => void }[] =
    [];
  const metrics = new Metrics();
  const lookup = new FreshLookup<string>(
    {
      name: 'spec',
      load: (key) =>
        new Promise((answer, fail) => {
          loads.push({ key, answer, fail });
        }),
      ...options,
    },
    clock,
    metrics,
  );
  const learn = async (key: string, value: string) => {
    const got = lookup.get(key);
    loads.at(-1)?.answer(value);
    return got;
  };
  return { clock, loads, lookup, learn, metrics };
}

describe('remembering what was true within the last second', () => {
  it('asks once and then answers from memory', async () => {
    const { lookup, learn, loads } = stage();
    await learn('a', 'one');

    expect(await lookup.get('a')).toBe('one');
    expect(loads).toHaveLength(1);
  });

  it('asks once for callers that come together', async () => {
    const { lookup, loads } = stage();
    const both = Promise.all([lookup.get('a'), lookup.get('a')]);
    loads[0]?.answer('one');

    expect(await both).toEqual(['one', 'one']);
    expect(loads).toHaveLength(1);
  });

  it('renews beside the answer from half a second on', async () => {
    const { lookup, learn, loads, clock } = stage();
    await learn('a', 'one');
    clock.advance(499);
    await lookup.get('a');
    expect(loads).toHaveLength(1);

    clock.advance(1);
    expect(await lookup.get('a')).toBe('one');
    expect(loads).toHaveLength(2);
    loads[1]?.answer('two');
    await Promise.resolve();
    await Promise.resolve();
    expect(await lookup.get('a')).toBe('two');
  });

  it('never answers with what is a second old', async () => {
    const { lookup, learn, loads, clock } = stage();
    await learn('a', 'one');
    clock.advance(1000);
    const got = lookup.get('a');
    loads[1]?.answer('two');

    expect(await got).toBe('two');
  });

  it('counts the age from when it asked, not from when it heard', async () => {
    const { lookup, loads, clock } = stage();
    const slow = lookup.get('a');
    clock.advance(900);
    loads[0]?.answer('one');
    await slow;
    clock.advance(100);
    void lookup.get('a');

    expect(loads).toHaveLength(2);
  });

  it('fails when nothing fresh is left, and asks again the next time', async () => {
    const { lookup, learn, loads, clock } = stage();
    await learn('a', 'one');
    clock.advance(1000);
    const failing = lookup.get('a');
    loads[1]?.fail(new Error('the database is away'));
    await expect(failing).rejects.toThrow('away');

    const again = lookup.get('a');
    loads[2]?.answer('two');
    expect(await again).toBe('two');
  });

  it('survives a renewal that fails and counts it', async () => {
    const { lookup, learn, loads, clock, metrics } = stage();
    await learn('a', 'one');
    clock.advance(600);
    await lookup.get('a');
    loads[1]?.fail(new Error('the database is away'));
    await new Promise(setImmediate);

    expect(await lookup.get('a')).toBe('one');
    expect(await metrics.registry.metrics()).toContain(
      'cache_operations_total{cache="spec",operation="renewal_failed"} 1',
    );
  });

  it('forgets what was not used for long when it is full', async () => {
    const { lookup, learn, loads } = stage({ maxEntries: 4 });
    for (const key of ['a', 'b', 'c', 'd']) await learn(key, key);
    await lookup.get('c');
    await lookup.get('d');
    expect(loads).toHaveLength(4);
    void lookup.get('a');
    expect(loads).toHaveLength(5);
  });
});

describe('bridging an outage of the database', () => {
  const gone = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const stagedAfterOneSecond = async () => {
    const staged = stage({ bridgeOutageMs: 60_000 });
    await staged.learn('a', 'one');
    staged.clock.advance(1000);
    return staged;
  };

  it('goes on with what it knew, and waits for no further failure', async () => {
    const { lookup, loads } = await stagedAfterOneSecond();
    const first = lookup.get('a');
    loads[1]?.fail(gone);
    expect(await first).toBe('one');

    expect(await lookup.get('a')).toBe('one');
    expect(loads).toHaveLength(3);
  });

  it('ends with the answer that comes when the database is back', async () => {
    const { lookup, loads, clock } = await stagedAfterOneSecond();
    const first = lookup.get('a');
    loads[1]?.fail(gone);
    await first;
    await lookup.get('a');
    loads[2]?.answer('two');
    await new Promise(setImmediate);
    expect(await lookup.get('a')).toBe('two');

    clock.advance(1000);
    const later = lookup.get('a');
    loads[3]?.answer('three');
    expect(await later).toBe('three');
  });

  it('bridges no longer than it may, and nothing that it never knew', async () => {
    const { lookup, loads, clock } = await stagedAfterOneSecond();
    const first = lookup.get('a');
    loads[1]?.fail(gone);
    await first;
    clock.advance(59_000);
    const last = lookup.get('a');
    loads[2]?.fail(gone);
    await expect(last).rejects.toThrow('refused');

    const stranger = lookup.get('b');
    loads[3]?.fail(gone);
    await expect(stranger).rejects.toThrow('refused');
  });

  it('hides no failure of another kind', async () => {
    const { lookup, loads } = await stagedAfterOneSecond();
    const got = lookup.get('a');
    loads[1]?.fail(new Error('a mistake of ours'));

    await expect(got).rejects.toThrow('mistake');
  });
});
