import { RefusalTallies, type Refusal } from './refusal-tallies.js';

const NOON = Date.UTC(2026, 2, 10, 16);
const refusal = (subject: string, reason = 'not_authenticated'): Refusal => ({
  subject,
  actor: 'anonymous',
  merchantId: null,
  reason,
  address: '198.51.100.9',
  route: 'GET /api/v1/users',
  requestId: 'r-1',
  traceId: null,
});

const counts = (tallies: RefusalTallies, nowMs: number) =>
  tallies.due(nowMs).map(({ first, count }) => `${first.subject} ${count}`);

describe('counting refusals for the audit', () => {
  it('tells the first at once and the rest when the minute is over', () => {
    const tallies = new RefusalTallies();
    tallies.note(refusal('network:a'), NOON);
    expect(counts(tallies, NOON)).toEqual(['network:a 1']);
    for (let at = 0; at < 10_000; at += 1) tallies.note(refusal('network:a'), NOON + 5_000);
    expect(counts(tallies, NOON + 59_999)).toEqual([]);
    expect(counts(tallies, NOON + 60_000)).toEqual(['network:a 10000']);
    expect(counts(tallies, NOON + 120_000)).toEqual([]);
  });

  it('begins anew with each minute, caller and reason', () => {
    const tallies = new RefusalTallies();
    tallies.note(refusal('user:1', 'not_permitted'), NOON);
    tallies.note(refusal('user:1', 'quota_exceeded'), NOON);
    tallies.note(refusal('user:2', 'not_permitted'), NOON);
    tallies.note(refusal('user:1', 'not_permitted'), NOON + 60_000);
    expect(counts(tallies, NOON + 60_000)).toEqual([
      'user:1 1',
      'user:1 1',
      'user:2 1',
      'user:1 1',
    ]);
  });

  it('tells a flood from countless networks in a bounded number of acts, and loses no count', () => {
    const tallies = new RefusalTallies();
    for (let at = 0; at < 5_000; at += 1) tallies.note(refusal(`network:${at}`), NOON);
    const told = tallies.due(NOON + 60_000);
    expect(told.length).toBeLessThanOrEqual(201);
    expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
    expect(told.at(-1)?.first.subject).toBe('network:many');
  });

  it('tells again what could not be written down', () => {
    const tallies = new RefusalTallies();
    tallies.note(refusal('network:a'), NOON);
    for (const report of tallies.due(NOON)) tallies.takeBack(report);
    expect(counts(tallies, NOON)).toEqual(['network:a 1']);
    tallies.note(refusal('network:a'), NOON + 1_000);
    for (const report of tallies.due(NOON + 60_000)) tallies.takeBack(report);
    expect(counts(tallies, NOON + 61_000)).toEqual(['network:a 1']);
  });

  it('tells everything when the process ends', () => {
    const tallies = new RefusalTallies();
    tallies.note(refusal('network:a'), NOON);
    tallies.due(NOON);
    tallies.note(refusal('network:a'), NOON + 1_000);
    expect(tallies.due(NOON + 2_000, true).map(({ count }) => count)).toEqual([1]);
  });
});
