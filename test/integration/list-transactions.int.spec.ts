import * as fc from 'fast-check';
import type { CallerIdentity } from '../../src/access/caller.decorator.js';
import type { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { PageCursors } from '../../src/platform/http/page-cursor.js';
import type { TransactionSubmitted } from '../../src/transactions/events/transaction-submitted.event.js';
import { ListTransactionsHandler } from '../../src/transactions/list-transactions/list-transactions.query-handler.js';
import { ListTransactions } from '../../src/transactions/list-transactions/list-transactions.query.js';
import { readPayerPhone } from '../../src/transactions/list-transactions/payer-phone.decorator.js';
import { listTransactionsQuery } from '../../src/transactions/list-transactions/list-transactions.request.js';
import { TransactionViewProjection } from '../../src/transactions/list-transactions/transaction-view.projection.js';
import { aCaller } from '../support/a-submission.js';
import { aClaim, anId, happened } from '../support/a-transaction.js';
import { applied } from '../support/given-projection.js';
import { InMemoryVault } from '../support/in-memory-vault.js';
import { freshReadModels, type ReadModels } from '../support/read-models.js';
import { Log } from '../support/stored-events.js';

const TABLE = 'read.transaction_view';
const vault = new InMemoryVault();
const projection = new TransactionViewProjection(vault);

let readModels: ReadModels;
let db: PostgresConnection;
let handler: ListTransactionsHandler;
let log: Log;

beforeAll(async () => {
  readModels = await freshReadModels();
  db = readModels.db;
  const cursors = new PageCursors(Buffer.alloc(32, 7), 'transactions');
  handler = new ListTransactionsHandler(db, vault, cursors);
});

afterAll(() => readModels.close());

beforeEach(async () => {
  await readModels.empty(TABLE);
  log = new Log();
});

const claimed = (name: string, over: Partial<TransactionSubmitted> = {}): StoredEvent =>
  log.next(happened.submitted({ transactionId: anId(name), ...over }), anId(name));
const submit = (...events: readonly StoredEvent[]) => applied(db, projection, events);
const list = (
  { payerPhone: header, ...query }: Record<string, string> = {},
  caller: CallerIdentity = aCaller(),
) => {
  const page = { ...listTransactionsQuery.parse(query), payerPhone: readPayerPhone(header) };
  return handler.execute(new ListTransactions(page, caller));
};
const idsOf = async (query: Record<string, string>, caller?: CallerIdentity) =>
  (await list(query, caller)).data.map(({ id }) => id);

describe('paging through transactions', () => {
  it('goes from the newest to the oldest and ends', async () => {
    await submit(...['a', 'b', 'c', 'd', 'e'].map((name) => claimed(name)));

    const first = await list({ limit: '2' });
    const second = await list({ limit: '2', cursor: first.nextCursor ?? '' });
    const third = await list({ limit: '2', cursor: second.nextCursor ?? '' });

    expect([first, second, third].map(({ data }) => data.map(({ id }) => id))).toEqual([
      [anId('e'), anId('d')],
      [anId('c'), anId('b')],
      [anId('a')],
    ]);
    expect(third.nextCursor).toBeNull();
  });

  it('shows everything once that was there at the start, whatever comes in or changes meanwhile', async () => {
    let names = 0;
    await fc.assert(
      fc
        .asyncProperty(
          fc.integer({ min: 0, max: 12 }),
          fc.integer({ min: 1, max: 5 }),
          fc.array(fc.nat({ max: 3 }), { minLength: 20, maxLength: 20 }),
          async (atStart, limit, arrivals) => {
            const more = (count: number) =>
              Array.from({ length: count }, () => `claim ${(names += 1)}`);
            const there = more(atStart);
            await submit(...there.map((name) => claimed(name)));
            const seen: string[] = [];
            let cursor: string | null = null;
            for (const arriving of arrivals) {
              const page = await list({
                limit: String(limit),
                ...(cursor === null ? {} : { cursor }),
              });
              seen.push(...page.data.map(({ id }) => id));
              cursor = page.nextCursor;
              if (cursor === null) break;
              const changing = there
                .slice(0, arriving)
                .map((name) => log.next(happened.cancelled(), anId(name)));
              await submit(...more(arriving).map((name) => claimed(name)), ...changing);
            }
            expect(seen).toEqual(there.toReversed().map((name) => anId(name)));
          },
        )
        .afterEach(() => readModels.empty(TABLE)),
      { numRuns: 40 },
    );
  });

  it('takes no cursor of a list that was narrowed otherwise, or of another caller', async () => {
    await submit(...['a', 'b', 'c'].map((name) => claimed(name)));
    const { nextCursor } = await list({ limit: '1', bank: '0134' });
    const cursor = nextCursor ?? '';

    expect(await idsOf({ limit: '2', bank: '0134', cursor })).toHaveLength(2);
    for (const [query, caller] of [
      [{ cursor }, aCaller()],
      [{ cursor, bank: '0102' }, aCaller()],
      [{ cursor: `${cursor}x`, bank: '0134' }, aCaller()],
      [{ cursor, bank: '0134' }, aCaller({ merchantId: anId('another merchant') })],
    ] as const) {
      await expect(list(query, caller)).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ in: 'query', pointer: '/cursor' }],
      });
    }
  });
});

describe('narrowing the list', () => {
  const phone = '+584121234567';

  beforeEach(async () => {
    const nothing = { document: null, name: null, concept: null, metadata: null };
    const payer = { ...aClaim().payer, sealed: await vault.seal({ phone, ...nothing }) };
    await submit(
      claimed('plain'),
      claimed('paid', { payer }),
      claimed('dear', { amountMinor: 9_000_000_000_000_000 }),
      claimed('dollars', { currency: 'USD' }),
      claimed('transfer', { kind: 'transfer', originBank: '0102', reference: '7777001' }),
      claimed('early', { paidOn: '2026-03-01', submittedAt: '2026-03-01T12:00:00.000Z' }),
      claimed('ordered', { externalId: 'order-7', type: 'other' }),
      claimed('cancelled'),
      claimed('foreign', { merchantId: anId('another merchant') }),
      claimed('rehearsed', { mode: 'test' }),
      log.next(happened.cancelled(), anId('cancelled')),
    );
  });

  it.each([
    [{ status: 'cancelled' }, ['cancelled']],
    [{ kind: 'transfer' }, ['transfer']],
    [{ origin_bank: '0102' }, ['transfer']],
    [{ bank: '0102' }, []],
    [{ type: 'other' }, ['ordered']],
    [{ external_id: 'order-7' }, ['ordered']],
    [{ reference: '00007777001' }, ['transfer']],
    [{ currency: 'usd' }, ['dollars']],
    [{ payerPhone: '0412-1234567' }, ['paid']],
    [{ payerPhone: '0412-1234568' }, []],
    [{ amount_min: '12001' }, ['dear']],
    [{ amount_min: '12000', amount_max: '12000', kind: 'transfer' }, ['transfer']],
    [{ amount_max: '11999' }, []],
    [{ paid_on_to: '2026-03-09' }, ['early']],
    [{ paid_on_from: '2026-03-01', paid_on_to: '2026-03-01' }, ['early']],
    [{ submitted_at_to: '2026-03-01T12:00:00.001Z' }, ['early']],
    [{ submitted_at_from: '2026-03-01T08:00:00.000-04:00', paid_on_to: '2026-03-05' }, ['early']],
  ])('by %j finds %j', async (query, names) => {
    expect(await idsOf(query)).toEqual(names.map((name) => anId(name)));
  });

  it("shows a merchant's key its own mode only, whatever it asks for", async () => {
    const foreign = anId('another merchant');

    expect(await idsOf({ merchant_id: foreign })).not.toContain(anId('foreign'));
    expect(await idsOf({})).not.toContain(anId('rehearsed'));
    expect(await idsOf({}, aCaller({ mode: 'test' }))).toEqual([anId('rehearsed')]);
    expect(await idsOf({}, aCaller({ merchantId: foreign }))).toEqual([anId('foreign')]);
  });

  it('shows staff everything, or one merchant', async () => {
    const staff = aCaller({ merchantId: null });

    expect(await idsOf({}, staff)).toHaveLength(10);
    expect(await idsOf({ merchant_id: anId('another merchant') }, staff)).toEqual([
      anId('foreign'),
    ]);
  });
});
