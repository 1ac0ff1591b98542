import { textAs } from './text-as.js';

describe('reading a text as something else', () => {
  const even = textAs((text) => (text.length % 2 === 0 ? text.length : null), 'must be even');

  it('gives what it was read as', () => {
    expect(even.parse('four')).toBe(4);
  });

  it.each([
    ['odd', 'must be even'],
    ['x'.repeat(66), 'must have at most 64 characters'],
  ])('refuses %j: %s', (text, message) => {
    expect(even.safeParse(text).error?.issues).toMatchObject([{ message }]);
  });

  it('refuses what is no text', () => {
    expect(even.safeParse(4).success).toBe(false);
  });
});
