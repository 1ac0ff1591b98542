import { someFigures } from '../../../test/support/a-day-close.js';
import { differencesOf } from './day-difference.js';

const figure = (count: number, minor: number) => ({ count, minor: String(minor) });
const then = someFigures();

describe('comparing a day with its close', () => {
  it('says nothing of a day that is as it was', () => {
    expect(differencesOf([then], [then])).toEqual([]);
    expect(differencesOf([], [])).toEqual([]);
  });

  it('shows a credit that came late, and a claim that found it', () => {
    const now = someFigures({
      creditsAtBank: figure(4, 36_500),
      claimed: figure(3, 24_500),
      claimedButAbsent: figure(0, 0),
      openClaims: figure(0, 0),
    });

    expect(differencesOf([now], [then])).toEqual([
      {
        currency: 'VES',
        creditsAtBank: figure(1, 500),
        claimed: figure(1, 500),
        unclaimed: figure(0, 0),
        claimedButAbsent: figure(-1, -500),
        openClaims: figure(-1, -500),
      },
    ]);
  });

  it('knows no difference to what was unknown, and says that it became known', () => {
    const unknown = someFigures({ creditsAtBank: null, unclaimed: null });

    expect(differencesOf([unknown], [unknown])).toEqual([]);
    expect(differencesOf([then], [unknown])).toEqual([
      expect.objectContaining({ creditsAtBank: null, unclaimed: null, claimed: figure(0, 0) }),
    ]);
  });

  it('takes a currency that was not there for nothing, in the order of their codes', () => {
    const usd = someFigures({ currency: 'USD', unclaimed: null, creditsAtBank: null });
    const eur = someFigures({ currency: 'EUR' });

    expect(differencesOf([then, usd], [then, eur])).toEqual([
      expect.objectContaining({ currency: 'EUR', creditsAtBank: figure(-3, -36_000) }),
      expect.objectContaining({ currency: 'USD', creditsAtBank: null, claimed: figure(2, 24_000) }),
    ]);
  });

  it('adds up what no JSON integer holds', () => {
    const large = '18014398509481982';
    const now = someFigures({ claimed: { count: 2, minor: large } });
    const was = someFigures({ claimed: { count: 2, minor: '1' } });

    expect(differencesOf([now], [was])[0]?.claimed).toEqual({
      count: 0,
      minor: '18014398509481981',
    });
  });
});
