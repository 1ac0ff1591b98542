import { isUuid, sha256Hex, uuidFrom } from './ids.js';

describe('making ids from what they name', () => {
  // Ids are in the log for ever, so these values must never change.
  it.each([
    [['transaction', 'a', '683473078', '0'], 'a4fe5ff4-a41b-52e6-8ff3-04bb51fe053f'],
    [['año', '€'], 'ee1bed3b-3f1e-55a6-be81-19c11db16e62'],
    [[], 'cc65e4f6-f8c8-5b9f-9104-0da73d179f17'],
  ])('gives %j the id it always had', (parts, id) => {
    expect(uuidFrom(...parts)).toBe(id);
  });

  it('tells parts apart that read the same together', () => {
    expect(uuidFrom('ab', 'c')).not.toBe(uuidFrom('a', 'bc'));
  });

  it('makes UUIDs of version 5 in every variant digit', () => {
    const ids = Array.from({ length: 200 }, (_, at) => uuidFrom(String(at)));

    expect(ids.every((id) => isUuid(id) && id.charAt(14) === '5')).toBe(true);
    expect(new Set(ids.map((id) => id.charAt(19)))).toEqual(new Set(['8', '9', 'a', 'b']));
  });
});

describe('hashing a text', () => {
  it('gives SHA-256 in lower-case hex', () => {
    expect(sha256Hex('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
