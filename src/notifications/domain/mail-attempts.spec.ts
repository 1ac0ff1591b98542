import { isOfTheMail, nextAttempt, nextOfKept } from './mail-attempts.js';

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

  it('keeps it at once where nothing is to be tried again', () => {
    expect(nextAttempt(1, { retries: 0, retrySeconds: 60 }, now)).toBeNull();
  });

  it.each([
    [5, '2026-01-31T12:16:00.000Z'],
    [6, '2026-01-31T12:32:00.000Z'],
    [7, '2026-01-31T13:00:00.000Z'],
    [5_000, '2026-01-31T13:00:00.000Z'],
  ])('goes on after attempt %d, at most an hour later: %s', (attempts, at) => {
    expect(nextOfKept(attempts, { retries: 3, retrySeconds: 60 }, now).toISOString()).toBe(at);
  });

  it.each([
    ['ECONNREFUSED', false],
    ['EAUTH 535', false],
    ['unsettled', false],
    ['EENVELOPE 451', true],
  ])('takes %s for a word about the mail: %j', (reason, expected) => {
    expect(isOfTheMail(reason)).toBe(expected);
  });
});
