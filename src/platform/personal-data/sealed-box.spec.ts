import { createSecretKey, randomBytes } from 'node:crypto';
import { BoxUnreadable, openBox, sealBox } from './sealed-box.js';

const aKey = () => createSecretKey(randomBytes(32));
const key = aKey();
const nonce = randomBytes(12);
const content = Buffer.from('V12345678');
const box = sealBox(content, { key, nonce, purpose: 'claim' });

describe('sealing a box', () => {
  it('opens with the same key for the same purpose', () => {
    expect(openBox(box, { key, purpose: 'claim' })).toEqual(content);
  });

  it('does not show its content', () => {
    expect(box.includes(content)).toBe(false);
  });

  it.each([
    ['another key', { key: aKey(), purpose: 'claim' }],
    ['another purpose', { key, purpose: 'other' }],
  ])('does not open with %s', (_, opening) => {
    expect(() => openBox(box, opening)).toThrow(BoxUnreadable);
  });

  it('does not open after any of its bytes was changed', () => {
    for (let at = 0; at < box.length; at += 1) {
      const changed = Buffer.from(box);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => openBox(changed, { key, purpose: 'claim' })).toThrow(BoxUnreadable);
    }
  });

  it.each([0, 11, 27])('does not open when only %i bytes are left', (length) => {
    expect(() => openBox(box.subarray(0, length), { key, purpose: 'claim' })).toThrow(
      BoxUnreadable,
    );
  });
});
