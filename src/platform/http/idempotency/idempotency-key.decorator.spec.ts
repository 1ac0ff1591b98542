import { readIdempotencyKey } from './idempotency-key.decorator.js';
import { ProblemError } from '../problem.js';

const read = (header: string | string[] | undefined, required = true): string | null =>
  readIdempotencyKey(header, { required });
const codeOf = (header: string | string[] | undefined, required = true): string => {
  try {
    read(header, required);
    return 'none';
  } catch (error) {
    return error instanceof ProblemError ? error.code : 'another error';
  }
};

describe('reading an idempotency key', () => {
  it.each([
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"two words"', 'two words'],
    ['x', 'x'],
    ['k'.repeat(255), 'k'.repeat(255)],
  ])('takes %j', (header, key) => {
    expect(read(header)).toBe(key);
  });

  it.each(['', '""', 'two words', 'k'.repeat(256), '"open', 'ñ', 'a\tb'])(
    'refuses %j',
    (header) => {
      expect(codeOf(header)).toBe('invalid_input');
    },
  );

  it('refuses two keys', () => {
    expect(codeOf(['a', 'b'])).toBe('invalid_input');
  });

  it('asks for one only where it is required', () => {
    expect(codeOf(undefined)).toBe('idempotency_key_required');
    expect(read(undefined, false)).toBeNull();
  });
});
