import { listTransactionsQuery } from './list-transactions.request.js';

const wrong = (query: unknown): readonly string[] => {
  const result = listTransactionsQuery.safeParse(query);
  return result.success ? [] : result.error.issues.map(({ path, code }) => path.join('.') || code);
};

describe('reading what a list is narrowed by', () => {
  it('shows fifty newest where nothing is said', () => {
    expect(listTransactionsQuery.parse({})).toEqual({ limit: 50 });
  });

  it.each([
    ['limit', ['1', '100'], ['0', '101', '-1', '1e2', '', 'ten', ['1', '2']]],
    ['cursor', ['x'], ['', 'x'.repeat(501)]],
    ['status', ['pending', 'needs_review'], ['unknown', '']],
    ['amount_min', ['0', '9007199254740991'], ['9007199254740992', '-1', '1.5', '1e3', '']],
    ['paid_on_from', ['2026-03-10'], ['2026-02-30', '10/03/2026']],
    [
      'submitted_at_to',
      ['2026-03-10T14:00:00Z', '2026-03-10T10:00:00-04:00'],
      ['2026-03-10', 'yesterday'],
    ],
    ['reference', ['000123'], ['123', 'abc1234']],
    ['bank', ['0134'], ['134']],
    ['external_id', ['order-7'], ['', 'x'.repeat(101), 'a\u0000b']],
    ['merchant_id', ['2433e439-4903-505f-b4f1-e203c1e59335'], ['1', "' or 1=1"]],
  ] as const)('judges %s at its bounds', (name, taken, refused) => {
    for (const value of taken) expect(wrong({ [name]: value })).toEqual([]);
    for (const value of refused) expect([value, wrong({ [name]: value })]).toEqual([value, [name]]);
  });

  it('names parameters that it does not know', () => {
    expect(wrong({ page: '2' })).toEqual(['unrecognized_keys']);
  });
});
