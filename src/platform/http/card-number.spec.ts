import { holdsCardNumber, isCardOfScheme } from './card-number.js';

describe('looking for card numbers', () => {
  it.each([
    '4111111111111111',
    'card 4111 1111 1111 1111 thanks',
    '5500-0000-0000-0004',
    '378282246310005',
    'x4222222222222y',
    '4111  1111  1111  1111',
    '4111.1111.1111.1111',
    '4111–1111–1111–1111',
    '4111\u00a01111\u00a01111\u00a01111',
    '４１１１１１１１１１１１１１１１',
    '4111 1111 1111 1111 12/30',
    '4111111111111111 123',
    'pedido 77 - 5500 0000 0000 0004 - 3 cuotas',
  ])('finds one in %j', (text) => {
    expect(holdsCardNumber(text)).toBe(true);
  });

  it.each([
    ['one digit wrong', '4111111111111112'],
    ['too short', '411111111111'],
    ['a phone', '+58 412 1234567'],
    ['an instant in milliseconds', '1773151200008'],
    ['an account number of 20 digits', '01340000000000000000'],
    ['digits of several words', '4111 uno 1111 dos 1111 tres 1111'],
    ['a phone and an amount', '0412-1234567 / 120.50'],
    ['a UUID whose digits pass', '41111111-1111-1111-8000-00000000000a'],
    ['a range of days', '2026-03-10 a 2026-03-31'],
    ['no digits', 'order-1'],
  ])('leaves %s alone', (_, text) => {
    expect(holdsCardNumber(text)).toBe(false);
  });
});

describe('looking at a reference', () => {
  it.each(['4111111111111111', '5500000000000004', '378282246310005', '6011000000000004'])(
    'takes %s for a card',
    (digits) => expect(isCardOfScheme(digits)).toBe(true),
  );

  it.each([
    '683473078',
    '0000683473078',
    '4111111111111112',
    '01340000000000000001',
    '8400000000000000',
  ])('takes %s for none', (digits) => expect(isCardOfScheme(digits)).toBe(false));
});
