import { holdOf, stillCounting, type Failures } from './sign-in.decisions.js';

const NOW = new Date('2026-03-10T14:00:00.000Z');
const failed = (count: number, secondsAgo = 0): Failures => ({
  count,
  lastAt: new Date(NOW.getTime() - secondsAgo * 1000),
});
const hold = (over: Partial<Parameters<typeof holdOf>[0]>) =>
  holdOf({ here: null, anywhere: null, knownHere: false, ...over }, NOW) / 1000;

describe('holding back who guesses', () => {
  it.each([
    [null, 0],
    [failed(4), 0],
    [failed(5), 30],
    [failed(5, 10), 20],
    [failed(5, 30), 0],
    [failed(6), 60],
    [failed(9), 480],
    [failed(10), 900],
    [failed(1_000_000), 900],
    [failed(1_000_000, 86_400), 0],
  ])('lets a network wait after %o for %d s', (here, seconds) => {
    expect(hold({ here })).toBe(seconds);
  });

  it('lets strange networks wait when many fail at once', () => {
    expect(hold({ anywhere: failed(49) })).toBe(0);
    expect(hold({ anywhere: failed(50) })).toBe(30);
  });

  it('never lets the owner wait at home for what others do elsewhere', () => {
    expect(hold({ anywhere: failed(1_000_000), knownHere: true })).toBe(0);
  });

  it('lets the owner wait for its own failures at home', () => {
    expect(hold({ here: failed(6), knownHere: true })).toBe(60);
  });
});

describe('forgetting failures', () => {
  it('forgets them after a day', () => {
    expect(stillCounting(failed(7, 86_399), NOW)).toBe(7);
    expect(stillCounting(failed(7, 86_400), NOW)).toBe(0);
    expect(stillCounting(null, NOW)).toBe(0);
  });
});
