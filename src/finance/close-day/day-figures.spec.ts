import { figuresOf } from './day-figures.js';

const figure = (count: number, minor: number) => ({ count, minor: String(minor) });
const NOTHING = figure(0, 0);
const claims = [
  { currency: 'VES', claimedButAbsent: figure(1, 500), openClaims: figure(2, 12_500) },
];
const movements = [{ currency: 'VES', claimed: figure(2, 24_000), unclaimed: figure(1, 12_000) }];

describe('putting the figures of a day together', () => {
  it.each(['complete', 'partial'] as const)('adds up what the bank showed at %s', (coverage) => {
    expect(figuresOf(claims, movements, coverage)).toEqual([
      {
        currency: 'VES',
        creditsAtBank: figure(3, 36_000),
        claimed: figure(2, 24_000),
        unclaimed: figure(1, 12_000),
        claimedButAbsent: figure(1, 500),
        openClaims: figure(2, 12_500),
      },
    ]);
  });

  it('knows nothing of credits on a day that was never listed, but for those that were asked about', () => {
    expect(figuresOf(claims, movements, 'none')).toEqual([
      expect.objectContaining({
        creditsAtBank: null,
        unclaimed: null,
        claimed: figure(2, 24_000),
        claimedButAbsent: figure(1, 500),
      }),
    ]);
  });

  it('keeps currencies apart, in the order of their codes', () => {
    const dollars = [{ currency: 'USD', claimed: figure(1, 7), unclaimed: NOTHING }];

    expect(figuresOf(claims, dollars, 'complete')).toEqual([
      {
        currency: 'USD',
        creditsAtBank: figure(1, 7),
        claimed: figure(1, 7),
        unclaimed: NOTHING,
        claimedButAbsent: NOTHING,
        openClaims: NOTHING,
      },
      {
        currency: 'VES',
        creditsAtBank: NOTHING,
        claimed: NOTHING,
        unclaimed: NOTHING,
        claimedButAbsent: figure(1, 500),
        openClaims: figure(2, 12_500),
      },
    ]);
  });

  it('has no figures for a day without any money', () => {
    expect(figuresOf([], [], 'complete')).toEqual([]);
  });
});
