import { nextAttempt } from './mail-attempts.js';

const now = new Date('2026-01-31T12:00:00.000Z');

describe('trying a mail again', () => {
  it.each([
    [1, '2026-01-31T12:01:00.000Z'],
    [2, '2026-01-31T12:02:00.000Z'],
    [3, '2026-01-31T12:04:00.000Z'],
    [4, undefined],
  ])('after attempt %d waits until %s', (attempts, at) => {
    expect(nextAttempt(attempts, { retries: 3, retrySeconds: 60 }, now)?.toISOString()).toBe(at);
  });

  it('gives up at once where nothing is to be tried again', () => {
    expect(nextAttempt(1, { retries: 0, retrySeconds: 60 }, now)).toBeNull();
  });
});
