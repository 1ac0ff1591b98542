import { type Currency, formatMinor, parseCurrency, parseDecimalMinor } from './money.js';

const VES = 'VES' as Currency;

describe('reading amounts to the cent', () => {
  it.each([
    ['630', 63_000n],
    ['1240.50', 124_050n],
    ['1240.5', 124_050n],
    ['0.01', 1n],
    ['630.000', 63_000n],
    [' 4717 ', 471_700n],
    // No double holds this one.
    ['90071992547409.93', 9_007_199_254_740_993n],
  ])('reads %p', (text, minor) => {
    expect(parseDecimalMinor(text, VES)).toBe(minor);
  });

  it.each(['1240.505', '1.240,50', '1240,50', '-1', '+1', '1e3', '1.', '.5', '', 'mil', '1 240'])(
    'reads nothing into %p',
    (text) => expect(parseDecimalMinor(text, VES)).toBeNull(),
  );

  it('writes what it reads', () => {
    for (const minor of [0n, 1n, 10n, 99n, 100n, 124_050n]) {
      expect(parseDecimalMinor(formatMinor(minor, VES), VES)).toBe(minor);
    }
  });
});

describe('reading currencies', () => {
  it.each(['VES', 'VED', 'BS', 'Bs', 'BS ', 'bs'])('takes %p for bolívares', (text) => {
    expect(parseCurrency(text)).toBe('VES');
  });

  it.each(['', 'B', 'VEB', 'VEF', 'XXX', 'constructor'])('takes no %p', (text) => {
    expect(parseCurrency(text)).toBeNull();
  });
});
