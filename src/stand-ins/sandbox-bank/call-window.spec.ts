import { CallWindow } from './call-window.js';

const LIMIT = { calls: 2, windowMs: 60_000, countTokenCalls: true };

describe('counting calls in a sliding window', () => {
  const arrivals = (...atMs: number[]): boolean[] => {
    const window = new CallWindow(LIMIT);
    return atMs.map((at) => window.arrive(at).breach);
  };

  it('admits as many as the limit within one window', () => {
    expect(arrivals(0, 1)).toEqual([false, false]);
  });

  it('refuses the first one too many', () => {
    expect(arrivals(0, 1, 59_999)).toEqual([false, false, true]);
  });

  it('admits a call once the oldest is a whole window away', () => {
    expect(arrivals(0, 1, 60_000)).toEqual([false, false, false]);
  });

  it('slides instead of starting anew with each minute of the calendar', () => {
    expect(arrivals(59_000, 59_001, 61_000)).toEqual([false, false, true]);
  });

  it('counts refused calls, so that hammering keeps the door shut', () => {
    expect(arrivals(0, 1, 30_000, 60_001, 60_002)).toEqual([false, false, true, false, true]);
  });

  it('says when there will be room', () => {
    const window = new CallWindow(LIMIT);
    window.arrive(0);
    window.arrive(10_000);
    expect(window.arrive(20_000)).toEqual({ breach: true, retryAfterMs: 50_000 });
  });

  it('knows no limit at 0 calls', () => {
    const window = new CallWindow({ ...LIMIT, calls: 0 });
    const breaches = Array.from({ length: 50 }, () => window.arrive(0).breach);
    expect(breaches).not.toContain(true);
  });
});
