import * as fc from 'fast-check';
import { RecentMap } from './recent-map.js';

describe('remembering a bounded number of things', () => {
  it('keeps what is in use, and drops what was not used for long', () => {
    const map = new RecentMap<string, number>(4);
    map.set('used', 1);
    map.set('not used', 2);
    for (const key of ['a', 'b', 'c', 'd']) {
      map.set(key, 3);
      map.get('used');
    }
    expect([map.get('used'), map.get('not used')]).toEqual([1, undefined]);
  });

  it('keeps one value per key', () => {
    const map = new RecentMap<string, number>(2);
    map.set('a', 1);
    map.set('a', 2);
    expect(map.get('a')).toBe(2);
  });

  it('forgets when told, however old it is', () => {
    const map = new RecentMap<string, number>(4);
    for (const key of ['a', 'b', 'c']) map.set(key, 1);
    for (const key of ['a', 'c']) map.delete(key);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 1, undefined]);
  });

  it('never tells a value that was replaced, and remembers half of its capacity at least', () => {
    const uses = fc.array(fc.tuple(fc.nat(9), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(uses, fc.integer({ min: 2, max: 12 }), (all, capacity) => {
        const map = new RecentMap<number, number>(capacity);
        const latest = new Map<number, number>();
        const lastUsed: number[] = [];
        all.forEach(([key, isWrite], at) => {
          if (isWrite) {
            map.set(key, at);
            latest.set(key, at);
          } else {
            const told = map.get(key);
            expect([undefined, latest.get(key)]).toContain(told);
            if (told === undefined) return;
          }
          lastUsed.push(key);
        });
        const recent = [...new Set(lastUsed.toReversed())].slice(0, Math.floor(capacity / 2));
        for (const key of recent.toReversed()) expect(map.get(key)).toBe(latest.get(key));
      }),
    );
  });
});
