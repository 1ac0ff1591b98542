import { retryAfterMs } from './retry-after.js';

const now = new Date('2026-11-20T14:00:00.000Z');
const CAP_MS = 300_000;

describe('reading Retry-After', () => {
  it.each([
    ['seconds', '7', null, 7000],
    ['zero', '0', null, 0],
    ['padded seconds', ' 7 ', null, 7000],
    ['more than the cap', '86400', null, CAP_MS],
    ['a date', 'Fri, 20 Nov 2026 14:00:30 GMT', null, 30_000],
    [
      'a date by the bank’s own clock',
      'Fri, 20 Nov 2026 14:10:30 GMT',
      'Fri, 20 Nov 2026 14:10:00 GMT',
      30_000,
    ],
    ['a date that has passed', 'Fri, 20 Nov 2026 13:00:00 GMT', null, 0],
    ['a date beyond the cap', 'Fri, 27 Nov 2026 14:00:00 GMT', null, CAP_MS],
    ['nothing', null, null, null],
    ['an empty text', '', null, null],
    ['a negative number', '-5', null, null],
    ['a fraction', '1.5', null, null],
    ['words', 'in a while', null, null],
    ['an absurd number', '99999999999999999999', null, null],
  ])('takes %s', (_, retryAfter, date, expected) => {
    expect(retryAfterMs({ retryAfter, date }, now, CAP_MS)).toBe(expected);
  });
});
