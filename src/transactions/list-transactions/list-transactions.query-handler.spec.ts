import { compiled, statements } from '../../../test/support/statements.js';
import { selectPage } from './list-transactions.query-handler.js';
import { listTransactionsQuery } from './list-transactions.request.js';

const merchant_id = '2433e439-4903-505f-b4f1-e203c1e59335';

describe('asking Postgres for a page', () => {
  it('uses the order and the columns of the index, and values only as parameters', () => {
    const after = { key: 5n, id: '9a4f3c1d-1f6b-5c8e-a2d4-7b9e0c5f1a33' };
    const { limit: _, ...filters } = listTransactionsQuery.parse({
      status: 'pending',
      reference: '000123',
      amount_min: '5',
      paid_on_to: '2026-03-10',
    });

    const page = selectPage(statements, { ...filters, merchant_id, mode: 'live' }, after);

    expect(compiled(page)).toMatchInlineSnapshot(`
     {
       "parameters": [
         "2433e439-4903-505f-b4f1-e203c1e59335",
         "live",
         "pending",
         5n,
         "2026-03-10",
         "123",
         5n,
         "9a4f3c1d-1f6b-5c8e-a2d4-7b9e0c5f1a33",
       ],
       "sql": "select * from "read"."transaction_view" where "merchant_id" = $1 and "mode" = $2 and "status" = $3 and "amount_minor" >= $4 and "paid_on" <= $5 and "reference_canonical" = $6 and (submitted_position, transaction_id) < ($7, $8::uuid) order by "submitted_position" desc, "transaction_id" desc",
     }
    `);
  });
});
