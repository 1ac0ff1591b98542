import { dueAt } from './job-schedule.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const startedAt = new Date('2026-01-31T12:00:00.000Z');

describe('working out when a job is due', () => {
  it.each([
    ['at once when it never ran', null, HOUR_MS, '1970-01-01T00:00:00.000Z'],
    ['after its interval', { failed: false }, HOUR_MS, '2026-01-31T13:00:00.000Z'],
    ['sooner after a failure', { failed: true }, HOUR_MS, '2026-01-31T12:01:00.000Z'],
    ['no later for a failure than without one', { failed: true }, 500, '2026-01-31T12:00:00.500Z'],
  ])('is %s', (_, run, everyMs, expected) => {
    const latest = run === null ? null : { startedAt, succeededAt: null, ...run };
    expect(dueAt(latest, everyMs, MINUTE_MS).toISOString()).toBe(expected);
  });
});
