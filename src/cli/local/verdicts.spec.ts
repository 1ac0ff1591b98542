import { allSettled, countStatuses, summaryTable, surprises, type Submitted } from './verdicts.js';

const submitted: Submitted[] = [
  { group: 'good', expected: 'verified', transactionId: 'a' },
  { group: 'good', expected: 'verified', transactionId: 'b' },
  { group: 'amount', expected: 'needs_review:amount_differs', transactionId: 'c' },
  { group: 'open', expected: 'pending', transactionId: 'd' },
];

const shown = (statuses: Record<string, [status: string, reason?: string]>) =>
  new Map(
    Object.entries(statuses).map(([id, [status, reason]]) => [
      id,
      { id, status, status_reason: reason ?? null },
    ]),
  );

const ended = shown({
  a: ['verified'],
  b: ['expired'],
  c: ['needs_review', 'ambiguous_movements'],
  d: ['pending'],
});

describe('comparing verdicts with what the samples promise', () => {
  it('waits for a claim that the read model does not show yet', () => {
    expect(allSettled(shown({ a: ['verified'] }), submitted)).toBe(false);
  });

  it('does not wait for a claim that honestly stays open', () => {
    expect(allSettled(ended, submitted)).toBe(true);
  });

  it('counts every claim once', () => {
    expect(countStatuses(ended, submitted)).toEqual({
      verified: 1,
      needs_review: 1,
      rejected: 0,
      expired: 1,
      pending: 1,
    });
  });

  it('finds another status and another reason', () => {
    expect(surprises(ended, submitted).map(({ transactionId }) => transactionId)).toEqual([
      'b',
      'c',
    ]);
  });

  it('ignores the reason where the sample names none', () => {
    const late = shown({ a: ['verified', 'late'] });

    expect(surprises(late, submitted.slice(0, 1))).toEqual([]);
  });

  it('draws one line for each group', () => {
    expect(summaryTable(ended, submitted).split('\n')).toEqual(
      [
        'sample  claims  expected                       got                                 ',
        'good    2       2 verified                     1 verified, 1 expired               1 DIFFER',
        'amount  1       1 needs_review:amount_differs  1 needs_review:ambiguous_movements  1 DIFFER',
        'open    1       1 pending                      1 pending                           as expected',
      ].map((line) => line.trimEnd()),
    );
  });
});
