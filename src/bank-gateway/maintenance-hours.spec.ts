import { afterOpenTime, maintenanceLeftMs, parseMaintenanceHours } from './maintenance-hours.js';

const caracas = (time: string): Date => new Date(`2026-03-10T${time}:00.000-04:00`);
const hours = (text: string) => parseMaintenanceHours(text) ?? null;
const leftAt = (text: string, time: string): number =>
  maintenanceLeftMs(hours(text), caracas(time)) / 60_000;

describe('knowing a bank’s maintenance hours', () => {
  it.each([
    ['01:59', 0],
    ['02:00', 240],
    ['05:59', 1],
    ['06:00', 0],
    ['23:00', 0],
  ])('leaves at %s so many minutes of 02:00-06:00: %i', (time, minutes) => {
    expect(leftAt('02:00-06:00', time)).toBe(minutes);
  });

  it('goes over midnight', () => {
    expect([leftAt('23:30-00:30', '23:45'), leftAt('23:30-00:30', '00:15')]).toEqual([45, 15]);
    expect([leftAt('23:30-00:30', '23:29'), leftAt('23:30-00:30', '00:30')]).toEqual([0, 0]);
  });

  it.each([
    ['01:00', 30, '01:30'],
    ['01:00', 60, '06:00'],
    ['01:30', 60, '06:30'],
    ['02:00', 0, '06:00'],
    ['05:59', 0, '06:00'],
    ['03:00', 45, '06:45'],
    ['06:00', 0, '06:00'],
    ['07:00', 19 * 60 - 1, '01:59 +1'],
    ['07:00', 19 * 60, '06:00 +1'],
    ['07:00', 19 * 60 + 5, '06:05 +1'],
    ['03:00', 2 * 20 * 60 + 5, '06:05 +2'],
  ])('goes on at %s for %i minutes that are not 02:00-06:00 until %s', (from, minutes, until) => {
    const [time = '', day = '+0'] = until.split(' ');
    const after = afterOpenTime(hours('02:00-06:00'), caracas(from), minutes * 60_000);
    expect(after).toEqual(new Date(caracas(time).getTime() + Number(day) * 24 * 3_600_000));
  });

  it('counts every minute where no hours are named, and over midnight those that are not', () => {
    expect(afterOpenTime(null, caracas('23:45'), 60_000)).toEqual(caracas('23:46'));
    const night = afterOpenTime(hours('23:30-00:30'), caracas('23:00'), 45 * 60_000);
    expect(night).toEqual(new Date(caracas('00:45').getTime() + 24 * 3_600_000));
  });

  it('has none where none are named', () => {
    expect(parseMaintenanceHours('')).toBeNull();
    expect(leftAt('', '03:00')).toBe(0);
  });

  it.each(['2:00-6:00', '02:00', '24:00-01:00', '02:00-02:00', '02:60-03:00', 'x'])(
    'refuses %j',
    (text) => {
      expect(parseMaintenanceHours(text)).toBeUndefined();
    },
  );
});
