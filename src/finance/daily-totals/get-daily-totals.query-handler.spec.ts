import { compiled, statements } from '../../../test/support/statements.js';
import { dailyTotalsQuery } from './daily-totals.request.js';
import { jsonSum } from './daily-totals.resource.js';
import { selectTotals } from './get-daily-totals.query-handler.js';

const merchantId = '2433e439-4903-505f-b4f1-e203c1e59335';

describe('asking Postgres for totals', () => {
  it('sums per day, currency and status, and knows what it does not know', () => {
    const range = dailyTotalsQuery.parse({ from: '2026-03-01', to: '2026-03-31', currency: 'Bs' });

    expect(compiled(selectTotals(statements, range, merchantId))).toMatchInlineSnapshot(`
     {
       "parameters": [
         "2026-03-01",
         "2026-03-31",
         "VES",
         "2433e439-4903-505f-b4f1-e203c1e59335",
       ],
       "sql": "select "day", "currency", "status", sum(transactions) as "transactions", sum(claimed_minor) as "claimed_minor", case when sum(bank_transactions) = sum(transactions)
             then sum(bank_minor) end as "bank_minor" from "read"."daily_total" where "day" >= $1 and "day" <= $2 and "currency" = $3 and "merchant_id" = $4 group by "day", "currency", "status" order by "day", "currency", "status"",
     }
    `);
  });
});

describe('reading the days of a report', () => {
  const wrong = (query: unknown): readonly string[] => {
    const result = dailyTotalsQuery.safeParse(query);
    return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'));
  };

  it.each([
    [{ from: '2026-03-10', to: '2026-03-10' }, []],
    [{ from: '2024-01-01', to: '2024-12-31' }, []],
    [{ from: '2025-01-01', to: '2026-01-02' }, ['to']],
    [{ from: '2026-03-11', to: '2026-03-10' }, ['to']],
    [{ from: '2026-02-30', to: '2026-03-10' }, ['from']],
    [{ from: '2026-03-10' }, ['to']],
    [{ from: '2026-03-10', to: '2026-03-10', currency: 'XXX' }, ['currency']],
    [{ from: '2026-03-10', to: '2026-03-10', merchant_id: 'me' }, ['merchant_id']],
  ])('finds in %j wrong: %j', (query, names) => {
    expect(wrong(query)).toEqual(names);
  });
});

describe('writing a sum as JSON', () => {
  it.each([
    ['0', 0],
    ['12000', 12_000],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', '9007199254740992'],
    ['-9007199254740992', '-9007199254740992'],
  ])('writes %s as %j', (decimal, json) => {
    expect(jsonSum(decimal)).toBe(json);
  });
});
