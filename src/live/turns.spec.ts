import { Turns } from './turns.js';

describe('taking turns', () => {
  it('lets no more work at once than it may, and everybody in the end', async () => {
    const turns = new Turns(2);
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
    };
    await Promise.all(Array.from({ length: 9 }, () => turns.take(work)));
    expect([most, running]).toEqual([2, 0]);
  });

  it('hands a turn on when the work fails', async () => {
    const turns = new Turns(1);
    await expect(turns.take(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turns.take(() => Promise.resolve('done'))).toBe('done');
  });
});
