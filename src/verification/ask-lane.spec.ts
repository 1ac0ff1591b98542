import { TestClock } from '../../test/support/test-clock.js';
import { AskLane, type SeenQueue } from './ask-lane.js';
import type { DueAsk } from './verification-queue.store.js';

const claim = (transactionId: string) => ({ transactionId }) as DueAsk;
const queue: SeenQueue = { claims: ['a', 'b', 'c'].map(claim), days: [], tooLarge: [] };

let clock: TestClock;
let lane: AskLane;

beforeEach(() => {
  clock = new TestClock();
  lane = new AskLane(clock, 10);
});

const recalled = () => lane.recall()?.claims.map(({ transactionId }) => transactionId) ?? null;

describe('remembering what was seen of the queue', () => {
  it('plans several calls with one look', () => {
    lane.remember(queue, 0);
    clock.advance(249);
    expect(recalled()).toEqual(['a', 'b', 'c']);
    clock.advance(1);
    expect(recalled()).toBeNull();
  });

  it('leaves out what was begun since, even when it has ended', async () => {
    lane.remember(queue, 0);
    lane.begin('b', 'merchant', Promise.resolve());
    await lane.drained();
    expect(recalled()).toEqual(['a', 'c']);
    lane.remember(queue, 0);
    expect(recalled()).toEqual(['a', 'b', 'c']);
  });

  it.each([
    [20, 250],
    [60, 600],
    [5_000, 1_000],
  ])('after a look of %i ms makes the next one after %i ms', (tookMs, forMs) => {
    lane.remember(queue, tookMs);
    clock.advance(forMs - 1);
    expect(recalled()).not.toBeNull();
    clock.advance(1);
    expect(recalled()).toBeNull();
  });

  it('knows nothing at first', () => {
    expect(lane.recall()).toBeNull();
  });
});
