import { setImmediate as nextTurn } from 'node:timers/promises';
import { Lanes } from './lanes.js';

describe('working through items in lanes', () => {
  it('gives the results in the order of the items, whatever finishes first', async () => {
    const results = await new Lanes(3).through([3, 1, 2], async (turns) => {
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
      return turns * 10;
    });

    expect(results).toEqual([30, 10, 20]);
  });

  it('never has more at work than there are lanes, whoever asks, and uses all of them', async () => {
    const lanes = new Lanes(4);
    let working = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      working += 1;
      most = Math.max(most, working);
      await nextTurn();
      working -= 1;
    };
    const twenty = Array.from({ length: 20 });
    await Promise.all([lanes.through(twenty, work), lanes.through(twenty, work)]);
    expect(most).toBe(4);

    most = 0;
    await lanes.through(twenty, work);
    expect(most).toBe(4);
  });

  it('takes each item once, and tells where it stood', async () => {
    const taken: number[] = [];
    await new Lanes(2).through(['a', 'b', 'c'], async (_, index) => {
      await nextTurn();
      taken.push(index);
    });

    expect(taken.toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
  });

  it('lets a second one in before the first is through', async () => {
    const lanes = new Lanes(2);
    const order: string[] = [];
    const note = (name: string) => async () => {
      await nextTurn();
      order.push(name);
    };
    await Promise.all([
      lanes.through(Array.from({ length: 20 }), note('first')),
      lanes.through(Array.from({ length: 5 }), note('second')),
    ]);

    expect(order.lastIndexOf('second')).toBeLessThan(order.lastIndexOf('first'));
    expect(order.slice(0, 12)).toContain('second');
  });

  it('gives a lane back when the work fails', async () => {
    const lanes = new Lanes(1);
    const failing = lanes.through([1], () => Promise.reject(new Error('no')));

    await expect(failing).rejects.toThrow('no');
    expect(await lanes.through([1, 2], (item) => Promise.resolve(item))).toEqual([1, 2]);
  });
});
