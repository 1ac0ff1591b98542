import { judgeRefresh, type PresentedRefresh } from './session.decisions.js';

const NOW = new Date('2026-03-10T14:00:00.000Z');
const at = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const presented = (over: Partial<PresentedRefresh> = {}): PresentedRefresh => ({
  usedAt: null,
  endedAt: null,
  endsAt: at(3600),
  lastUsedAt: at(-60),
  userDisabled: false,
  ...over,
});

describe('judging a refresh token', () => {
  it.each([
    ['an unknown one', null, 'refuse'],
    ['a fresh one', presented(), 'renew'],
    ['one that was used', presented({ usedAt: at(-1) }), 'stolen'],
    ['a used one of a session that ended', presented({ usedAt: at(-1), endedAt: NOW }), 'refuse'],
    ['one of an ended session', presented({ endedAt: at(-1) }), 'refuse'],
    ['one of a disabled user', presented({ userDisabled: true }), 'refuse'],
    ['one at the end of its session', presented({ endsAt: NOW }), 'refuse'],
    ['one a moment before the end', presented({ endsAt: at(0.001) }), 'renew'],
    ['one that lay idle', presented({ lastUsedAt: at(-600) }), 'refuse'],
    ['one that lay almost too long', presented({ lastUsedAt: at(-599.999) }), 'renew'],
  ])('for %s', (_, token, outcome) => {
    expect(judgeRefresh(token, 600, NOW)).toBe(outcome);
  });
});
