import { readPayerPhone } from './payer-phone.decorator.js';

describe('reading the phone that a list is narrowed by', () => {
  it.each([
    [undefined, null],
    ['0412-1234567', '+584121234567'],
    ['+584121234567', '+584121234567'],
  ])('takes %j as %j', (header, phone) => {
    expect(readPayerPhone(header)).toBe(phone);
  });

  it.each(['', '0212-1234567', '1'.repeat(65), ['04121234567', '04121234568']])(
    'refuses %j without repeating it',
    (header) => {
      expect(() => readPayerPhone(header)).toThrow(
        expect.objectContaining({
          code: 'invalid_input',
          errors: [expect.objectContaining({ in: 'header', pointer: '/payer-phone' })],
        }),
      );
    },
  );
});
