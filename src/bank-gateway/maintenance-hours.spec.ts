import { maintenanceLeftMs, parseMaintenanceHours } from './maintenance-hours.js';

const caracas = (time: string): Date => new Date(`2026-03-10T${time}:00.000-04:00`);
const leftAt = (hours: string, time: string): number =>
  maintenanceLeftMs(parseMaintenanceHours(hours) ?? null, caracas(time)) / 60_000;

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
