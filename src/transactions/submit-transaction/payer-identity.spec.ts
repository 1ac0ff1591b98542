import * as fc from 'fast-check';
import { maskDigits, maskName, parseDocument, parsePhone } from './payer-identity.js';

describe('reading a phone', () => {
  it.each([
    '04121234567',
    '0412-1234567',
    '+58 412 123 45 67',
    '584121234567',
    '0058 412 1234567',
    '4121234567',
    '(0412) 123.45.67',
  ])('reads %j as +584121234567', (text) => {
    expect(parsePhone(text)).toBe('+584121234567');
  });

  it.each([
    '',
    '0212-1234567',
    '0412123456',
    '041212345678',
    '+1 412 1234567',
    'phone',
    '0412x123456',
  ])('refuses %j', (text) => {
    expect(parsePhone(text)).toBeNull();
  });

  it('reads its own spelling again', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^0?4[12]\d{8}$/), (text) => {
        const phone = parsePhone(text);

        expect(phone).toMatch(/^\+584[12]\d{8}$/);
        expect(parsePhone(phone ?? '')).toBe(phone);
      }),
    );
  });
});

describe('reading a document', () => {
  it.each([
    ['V12345678', 'V12345678'],
    ['v-12.345.678', 'V12345678'],
    ['J-12345678-9', 'J123456789'],
    ['E 1234', 'E1234'],
  ])('reads %j as %s', (text, document) => {
    expect(parseDocument(text)).toBe(document);
  });

  it.each(['12345678', 'V', 'V123', 'X12345678', 'V12345678901', 'V1234567A'])(
    'refuses %j',
    (text) => {
      expect(parseDocument(text)).toBeNull();
    },
  );
});

describe('masking', () => {
  it('shows at most two digits and never the length', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?[VEJ]?\d{2,15}$/), fc.string(), (digits, name) => {
        const masks = [maskDigits(digits) ?? '', maskName(name) ?? ''];

        for (const mask of masks) expect(mask.replace(/\D/g, '').length).toBeLessThanOrEqual(2);
        expect(masks[0]).toHaveLength(9);
      }),
    );
  });

  it('has nothing to mask where nothing was said', () => {
    expect([maskDigits(null), maskName(null)]).toEqual([null, null]);
  });
});
