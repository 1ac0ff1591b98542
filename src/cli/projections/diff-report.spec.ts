import { diffReport } from './diff-report.js';

const SAME = {
  table: 'daily_total',
  liveRows: 2,
  otherRows: 2,
  differing: 0,
  first: [],
  groups: [{ group: { currency: 'VES' }, live: { n: '3' }, other: { n: '3' }, same: true }],
};

describe('reporting how rows differ', () => {
  it('gives counts and says that no sum differs', () => {
    expect(diffReport([SAME], 'rebuilt')).toEqual([
      'daily_total: 2 rows live, 2 rebuilt, 0 differ',
      '  sums: 1 groups, 0 differ',
    ]);
  });

  it('names the groups, the rows and only the columns that are not the same', () => {
    const lines = diffReport(
      [
        {
          ...SAME,
          differing: 3,
          first: [
            {
              key: { claim: 'a', day: 'x' },
              live: { claim: 'a', n: 1, day: 'x' },
              other: { claim: 'a', n: 2, day: 'x' },
            },
            { key: { claim: 'b' }, live: { claim: 'b', n: 1 }, other: null },
            { key: { claim: 'c' }, live: null, other: { claim: 'c', n: 1 } },
          ],
          groups: [
            { group: { currency: 'VES' }, live: { n: '3' }, other: { n: '4' }, same: false },
            { group: { currency: 'USD' }, live: {}, other: { n: '1' }, same: false },
          ],
        },
      ],
      'rebuilt',
    );
    expect(lines).toEqual([
      'daily_total: 2 rows live, 2 rebuilt, 3 differ',
      '  sums: 2 groups, 2 differ',
      '    currency VES: n 3 live, n 4 rebuilt',
      '    currency USD: none live, n 1 rebuilt',
      '  claim a day x: n 1 -> 2',
      '  only live: claim b',
      '  only rebuilt: claim c',
    ]);
  });
});
