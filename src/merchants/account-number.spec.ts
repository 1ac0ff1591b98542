import { parseAccountNumber } from './account-number.js';

describe('reading an account number', () => {
  // By hand: 01340000 weighs 47, so 8; 00000000000001 weighs 2, so 9.
  it('divides 20 digits and checks both check digits', () => {
    expect(parseAccountNumber('01340000890000000001')).toEqual({
      digits: '01340000890000000001',
      bank: '0134',
      checkDigitsFit: true,
    });
  });

  it('takes the blanks and dashes of printed numbers', () => {
    expect(parseAccountNumber('0134-0000 89 0000000001')?.digits).toBe('01340000890000000001');
  });

  it.each(['01340000880000000001', '01340000790000000001', '01340000890000000010'])(
    'only marks %s, whose check digits do not fit',
    (text) => expect(parseAccountNumber(text)).toMatchObject({ checkDigitsFit: false }),
  );

  // By hand: 01000000 weighs 2, so 9; ...050 weighs 15, rest 4, so 7; ...006 weighs 12, rest 1, so 10, written 0.
  it.each([
    ['01000000970000000050', true],
    ['01000000900000000006', true],
    // A weight of 0 gives 11, written as 1.
    ['01000000910000000000', true],
    ['01000000900000000000', false],
  ])('folds two-digit check digits: %s', (text, fits) => {
    expect(parseAccountNumber(text)?.checkDigitsFit).toBe(fits);
  });

  it.each([
    '',
    '0134',
    '0134000089000000000',
    '013400008900000000011',
    '0134000089000000000x',
    '０１３４0000890000000001',
  ])('refuses %j', (text) => expect(parseAccountNumber(text)).toBeNull());
});
