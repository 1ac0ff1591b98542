import { signingKeyAt, validKeysAt, type KeyTurn } from './signing-keys.js';

const NOW = new Date('2026-03-10T14:00:00.000Z');
const key = (keyId: string, seconds: number): KeyTurn => ({
  keyId,
  signsFrom: new Date(NOW.getTime() + seconds * 1000),
});
const old = key('old', -5000);
const present = key('present', -100);
const next = key('next', 60);

describe('choosing the key that signs', () => {
  it.each([
    [[], undefined],
    [[next], undefined],
    [[present, next, old], 'present'],
    [[old], 'old'],
    [[key('now', 0), present], 'now'],
  ])('of %o takes %s', (keys, keyId) => {
    expect(signingKeyAt(keys, NOW)?.keyId).toBe(keyId);
  });
});

describe('choosing the keys that are published', () => {
  const ids = (keys: readonly KeyTurn[], tokenSeconds: number) =>
    validKeysAt(keys, tokenSeconds, NOW).map(({ keyId }) => keyId);

  it('keeps a replaced key until its last token has ended', () => {
    expect(ids([next, present, old], 101)).toEqual(['old', 'present', 'next']);
    expect(ids([next, present, old], 100)).toEqual(['present', 'next']);
  });

  it('keeps the only key for ever', () => {
    expect(ids([old], 1)).toEqual(['old']);
  });
});
