import { ProblemError } from './problem.js';
import { readIfMatch } from './if-match.decorator.js';

const codeOf = (header: string | undefined): string | number => {
  try {
    return readIfMatch(header);
  } catch (error) {
    return error instanceof ProblemError ? error.code : 'another error';
  }
};

describe('reading the version that a caller saw', () => {
  it.each([
    ['"7"', 7],
    [' "0" ', 0],
    [undefined, 'if_match_required'],
    ['7', 'version_changed'],
    ['W/"7"', 'version_changed'],
    ['*', 'version_changed'],
    ['"x"', 'version_changed'],
  ])('reads %j as %s', (header, expected) => {
    expect(codeOf(header)).toBe(expected);
  });
});
