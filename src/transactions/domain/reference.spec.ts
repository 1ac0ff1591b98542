import { canonicalReference, isReference, isUsableReference } from './reference.js';

describe('reading a reference', () => {
  it.each([
    ['1234', true],
    ['123', false],
    ['12345678901234567890', true],
    ['123456789012345678901', false],
    ['', false],
    ['12 34', false],
    ['12a4', false],
    ['-1234', false],
    ['١٢٣٤', false],
  ])('takes %j: %s', (text, taken) => {
    expect(isReference(text)).toBe(taken);
  });

  it.each([
    ['000683473078', '683473078'],
    ['683473078', '683473078'],
    ['0000', '0'],
    ['1000', '1000'],
  ])('spells %s as %s', (typed, canonical) => {
    expect(canonicalReference(typed)).toBe(canonical);
  });

  it.each([
    ['12345', false],
    ['123456', true],
    ['000006', true],
  ])('asks a bank that needs six digits about %s: %s', (typed, usable) => {
    expect(isUsableReference(typed, 6)).toBe(usable);
  });
});
