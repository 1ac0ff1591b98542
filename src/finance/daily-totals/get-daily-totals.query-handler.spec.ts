import { compiled, statements } from '../../../test/support/statements.js';
import { dailyTotalsQuery } from './daily-totals.request.js';
import { jsonSum } from './daily-totals.resource.js';
import { selectTotals, selectTotalsAt } from './daily-totals.store.js';

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

describe('asking Postgres for the totals of a position', () => {
  it('sums every change up to it, and leaves out what has left a row', () => {
    const range = dailyTotalsQuery.parse({ from: '2026-03-01', to: '2026-03-31' });
    const at = { merchantId, position: 137n };

    expect(compiled(selectTotalsAt(statements, range, at))).toMatchInlineSnapshot(`
     {
       "parameters": [
         "2026-03-01",
         "2026-03-31",
         137n,
         "2433e439-4903-505f-b4f1-e203c1e59335",
       ],
       "sql": "select "day", "currency", "status", sum(times) as "transactions", sum(times * claimed_minor) as "claimed_minor", case when sum(times) filter (where bank_minor is not null) = sum(times)
             then sum(times * bank_minor) end as "bank_minor" from "read"."daily_total_change" where "day" >= $1 and "day" <= $2 and "position" <= $3 and "merchant_id" = $4 group by "day", "currency", "status" having sum(times) <> 0 order by "day", "currency", "status"",
     }
    `);
  });
});

describe('reading as of when a report is asked for', () => {
  const days = { from: '2026-03-10', to: '2026-03-10' };
  const read = (as_of: string) => dailyTotalsQuery.safeParse({ ...days, as_of }).data?.as_of;

  it.each([
    ['2026-03-10T14:00:00Z', { instant: new Date('2026-03-10T14:00:00.000Z') }],
    ['2026-03-10T10:00:00.123-04:00', { instant: new Date('2026-03-10T14:00:00.123Z') }],
    ['p3t', { position: 137n }],
  ])('reads %s', (text, asOf) => {
    expect(read(text)).toEqual(asOf);
  });

  it.each(['2026-03-10', '2026-03-10T14:00:00', 'yesterday', 'q3t', 'p', '137', '1'.repeat(65)])(
    'refuses %s',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );
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
