import { readIfMatch } from './if-match.decorator.js';
import { ProblemError } from './problem.js';

const refusalOf = (header: string | undefined): unknown => {
  try {
    return readIfMatch(header);
  } catch (error) {
    return error instanceof ProblemError ? error.code : error;
  }
};

describe('reading the version that a decision was made on', () => {
  it('takes the entity tag as it was answered', () => {
    expect(readIfMatch('"0"')).toBe(0);
    expect(readIfMatch(' "17" ')).toBe(17);
  });

  it('asks for it when it is missing', () => {
    expect(refusalOf(undefined)).toBe('version_required');
  });

  it.each(['', '*', '3', 'W/"3"', '"x"', '"-1"', '"1", "2"', `"${'9'.repeat(20)}"`])(
    'refuses %j',
    (header) => {
      expect(refusalOf(header)).toBe('invalid_input');
    },
  );
});
