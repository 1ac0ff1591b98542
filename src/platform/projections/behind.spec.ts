import { behindAt } from './behind.js';

const now = new Date('2026-01-05T12:00:00.000Z');

describe('saying how far a read model is behind', () => {
  it.each([
    ['two seconds', '2026-01-05T11:59:58.000Z', 2],
    ['a tenth, rounded', '2026-01-05T11:59:59.860Z', 0.1],
    ['an hour', '2026-01-05T11:00:00.000Z', 3_600],
    ['nothing, by a clock that stepped back', '2026-01-05T12:00:00.500Z', 0],
  ])('gives the age of the oldest event that is missing: %s', (_, recordedAt, seconds) => {
    expect(behindAt(now, { reached: 7n, oldest: new Date(recordedAt) })).toEqual({
      reached: 7n,
      seconds,
    });
  });

  it('is behind by no time when nobody can name an event that is missing', () => {
    expect(behindAt(now, { reached: 0n, oldest: null })).toEqual({ reached: 0n, seconds: 0 });
  });
});
