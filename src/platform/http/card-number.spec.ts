import { holdsCardNumber } from './card-number.js';

describe('looking for card numbers', () => {
  it.each([
    '4111111111111111',
    'card 4111 1111 1111 1111 thanks',
    '5500-0000-0000-0004',
    '378282246310005',
    'x4222222222222y',
  ])('finds one in %j', (text) => {
    expect(holdsCardNumber(text)).toBe(true);
  });

  it.each([
    ['one digit wrong', '4111111111111112'],
    ['too short', '411111111111'],
    ['a phone', '+58 412 1234567'],
    ['an instant in milliseconds', '1773151200008'],
    ['an account number of 20 digits', '01340000000000000000'],
    ['digits divided by more than a blank', '4111  1111  1111  1111'],
    ['no digits', 'order-1'],
  ])('leaves %s alone', (_, text) => {
    expect(holdsCardNumber(text)).toBe(false);
  });
});
