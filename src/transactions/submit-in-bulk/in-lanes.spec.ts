import { setImmediate as nextTurn } from 'node:timers/promises';
import { inLanes } from './in-lanes.js';

describe('working through items in lanes', () => {
  it('gives the results in the order of the items, whatever finishes first', async () => {
    const results = await inLanes([3, 1, 2], 3, async (turns) => {
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
      return turns * 10;
    });

    expect(results).toEqual([30, 10, 20]);
  });

  it('never has more at work than there are lanes, and uses all of them', async () => {
    let working = 0;
    let most = 0;
    await inLanes(Array.from({ length: 20 }), 4, async () => {
      working += 1;
      most = Math.max(most, working);
      await nextTurn();
      working -= 1;
    });

    expect(most).toBe(4);
  });

  it('takes each item once, and tells where it stood', async () => {
    const taken: number[] = [];
    await inLanes(['a', 'b', 'c'], 2, async (_, index) => {
      await nextTurn();
      taken.push(index);
    });

    expect(taken.toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
  });
});
