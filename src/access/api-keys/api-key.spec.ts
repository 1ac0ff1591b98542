import { SystemRandomSource, RandomSource } from '../../kernel/ids.js';
import { hashApiKey, matchesHash, mintApiKey, parseApiKey } from './api-key.js';

class FixedRandom extends RandomSource {
  uuid(): string {
    return '';
  }

  bytes(count: number): Buffer {
    return Buffer.alloc(count, 0xff);
  }
}

describe('minting a key', () => {
  it('writes mode, prefix and secret so that a leaked one is recognised', () => {
    const key = mintApiKey('live', new FixedRandom());
    expect(key.text).toBe(`ck_live_77777777_${'7'.repeat(32)}`);
    expect(key).toMatchObject({ prefix: '77777777', lastFour: '7777' });
  });

  it('never makes the same key twice', () => {
    const texts = Array.from(
      { length: 500 },
      () => mintApiKey('test', new SystemRandomSource()).text,
    );
    expect(new Set(texts).size).toBe(500);
  });

  it('keeps a hash that does not hold the secret', () => {
    const key = mintApiKey('test', new SystemRandomSource());
    expect(key.hash).toEqual(hashApiKey(key.text));
    expect(key.hash).toHaveLength(32);
  });
});

describe('checking a key', () => {
  const key = mintApiKey('live', new SystemRandomSource());

  it('reads its own keys', () => {
    expect(parseApiKey(key.text)).toEqual({ mode: 'live', prefix: key.prefix });
    expect(matchesHash(key.text, key.hash)).toBe(true);
  });

  it('refuses the key with one letter changed', () => {
    const last = key.text.endsWith('a') ? 'b' : 'a';
    expect(matchesHash(key.text.slice(0, -1) + last, key.hash)).toBe(false);
  });

  it('refuses a live key presented as a test key', () => {
    expect(matchesHash(key.text.replace('live', 'test'), key.hash)).toBe(false);
  });

  it('refuses a hash of another length', () => {
    expect(matchesHash(key.text, Buffer.alloc(0))).toBe(false);
  });

  it.each([
    '',
    'ck_live_',
    `${key.text} `,
    ` ${key.text}`,
    key.text.toUpperCase(),
    key.text.replace('live', 'prod'),
    key.text.slice(0, -1),
    `${key.text}a`,
    `${key.text}\n`,
  ])('does not take %j for one of ours', (text) => expect(parseApiKey(text)).toBeNull());
});
