import { changedTerms, judgeTerms, type MerchantTerms } from './merchant.decisions.js';

const terms = (over: Partial<MerchantTerms> = {}): MerchantTerms => ({
  name: 'a merchant',
  suspended: false,
  contactEmail: null,
  toleranceUnderMinor: 0n,
  toleranceOverMinor: 0n,
  matchDays: 30,
  ...over,
});

describe("judging a merchant's terms", () => {
  it.each([
    [{}, undefined],
    [{ toleranceUnderMinor: -1n }, 'tolerance_negative'],
    [{ toleranceOverMinor: -1n }, 'tolerance_negative'],
    [{ matchDays: 0 }, 'match_days_out_of_range'],
    [{ matchDays: 1 }, undefined],
    [{ matchDays: 365 }, undefined],
    [{ matchDays: 366 }, 'match_days_out_of_range'],
  ])('answers %o with %s', (over, code) => {
    expect(judgeTerms(terms(over))?.code).toBe(code);
  });
});

describe('telling what a change touches', () => {
  it('names nothing where nothing changes', () => {
    expect(changedTerms(terms(), terms())).toEqual([]);
  });

  it('names everything that changes', () => {
    const after = terms({ suspended: true, toleranceOverMinor: 1n });
    expect(changedTerms(terms(), after)).toEqual(['suspended', 'toleranceOverMinor']);
  });
});
