import {
  addDays,
  daysBetween,
  type LocalDate,
  localDateAt,
  parseLocalDate,
  startOfDay,
} from './local-date.js';

const day = (text: string): LocalDate => text as LocalDate;

describe('telling the day in Caracas', () => {
  it.each([
    ['2026-07-11T03:59:59.999Z', '2026-07-10'],
    ['2026-07-11T04:00:00.000Z', '2026-07-11'],
    // A payment at 23:30: UTC is a day ahead already.
    ['2026-07-11T03:30:00.000Z', '2026-07-10'],
    ['2027-01-01T03:59:59.999Z', '2026-12-31'],
    ['2027-01-01T04:00:00.000Z', '2027-01-01'],
    ['2028-02-29T12:00:00.000Z', '2028-02-29'],
    // No summer time: the same offset in any month.
    ['2026-03-29T03:59:59.999Z', '2026-03-28'],
    ['2026-10-25T04:00:00.000Z', '2026-10-25'],
  ])('is, at %s, %s', (instant, date) => {
    expect(localDateAt(new Date(instant))).toBe(date);
  });

  it('begins a day at midnight there, and ends it a moment before the next begins', () => {
    const begins = startOfDay(day('2026-07-10'));
    expect(begins.toISOString()).toBe('2026-07-10T04:00:00.000Z');
    expect(localDateAt(begins)).toBe('2026-07-10');
    expect(localDateAt(new Date(begins.getTime() - 1))).toBe('2026-07-09');
  });
});

describe('reckoning with days', () => {
  it.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-07-10', 0, '2026-07-10'],
    ['2026-01-31', 30, '2026-03-02'],
  ])('puts %s and %d days at %s', (from, days, to) => {
    expect(addDays(day(from), days)).toBe(to);
    expect(daysBetween(day(from), day(to))).toBe(days);
  });
});

describe('reading a day', () => {
  it.each(['2026-07-10', '2028-02-29', '0001-01-01'])('takes %s', (text) => {
    expect(parseLocalDate(text)).toBe(text);
  });

  it.each(['2026-02-29', '2026-02-30', '2026-13-01', '2026-00-10', '10/07/2026', '2026-7-1', ''])(
    'refuses %p',
    (text) => expect(parseLocalDate(text)).toBeNull(),
  );
});
