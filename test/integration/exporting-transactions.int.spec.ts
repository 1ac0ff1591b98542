import * as fc from 'fast-check';
import { sql } from 'kysely';
import { DailyTotalsProjection } from '../../src/finance/daily-totals/daily-totals.projection.js';
import { TransactionStatesProjection } from '../../src/finance/transaction-states/transaction-states.projection.js';
import {
  stateAfter,
  type StoredTransactionEvent,
  type TransactionState,
} from '../../src/finance/transaction-states/transaction-state.js';
import type { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { exportBody } from '../../src/finance/export-transactions/export-body.js';
import { TransactionStatePages } from '../../src/finance/export-transactions/transaction-state-pages.store.js';
import { applied } from '../support/given-projection.js';
import { batchesOf, logs } from '../support/histories.js';
import { freshReadModels, type ReadModels } from '../support/read-models.js';

const STATES = 'read.transaction_state';
const TOTALS = ['read.daily_total', 'read.daily_total_entry'];
const projection = new TransactionStatesProjection();

let readModels: ReadModels;
let db: PostgresConnection;

beforeAll(async () => {
  readModels = await freshReadModels();
  db = readModels.db;
});

afterAll(() => readModels.close());

const empty = () => readModels.empty(STATES, ...TOTALS);

const states = async (): Promise<readonly object[]> => {
  const { rows } = await sql<object>`
    select * from read.transaction_state order by transaction_id, from_position`.execute(db.kysely);
  return rows;
};

/** What was said at a place in the log, without the end that came later. */
const statesAt = async (position: bigint): Promise<readonly object[]> => {
  const { rows } = await sql<TransactionState>`
    select * from read.transaction_state
    where from_position <= ${position} and (until_position is null or until_position > ${position})
    order by transaction_id`.execute(db.kysely);
  return rows.map(({ until_position: _, ...state }) => state);
};

/** The same, decided by going through the log. */
function told(events: readonly StoredEvent[], position: bigint): readonly object[] {
  const byStream = new Map<string, TransactionState>();
  for (const event of events) {
    if (event.position > position) continue;
    const before = byStream.get(event.streamName) ?? null;
    const state = stateAfter(before, event as StoredTransactionEvent);
    if (state !== null) byStream.set(event.streamName, state);
  }
  return [...byStream.values()]
    .sort((a, b) => (a.transaction_id < b.transaction_id ? -1 : 1))
    .map(({ until_position: _, ...state }) => state);
}

describe('keeping what finance said of each transaction', () => {
  it('can be asked at every place in the log, and equals a replay, however it is cut into batches', async () => {
    await fc.assert(
      fc
        .asyncProperty(logs, async ({ events, cuts }) => {
          for (const batch of batchesOf(events, cuts)) {
            await applied(db, projection, batch);
            await applied(db, projection, batch.slice(-1));
          }
          const live = await states();
          for (const { position } of events) {
            expect(await statesAt(position)).toEqual(told(events, position));
          }
          await empty();
          await applied(db, projection, events);
          expect(await states()).toEqual(live);
        })
        .afterEach(empty),
      { numRuns: 40 },
    );
  });

  it('comes to the same totals as the daily totals', async () => {
    await fc.assert(
      fc
        .asyncProperty(logs, async ({ events }) => {
          await applied(db, projection, events);
          await applied(db, new DailyTotalsProjection(), events);
          const { rows: sums } = await sql<object>`
            select merchant_id, day, currency, status, count(*) as transactions,
              sum(claimed_minor) as claimed_minor, count(bank_minor) as bank_transactions,
              coalesce(sum(bank_minor), 0) as bank_minor
            from read.transaction_state where until_position is null
            group by merchant_id, day, currency, status
            order by merchant_id, day, currency, status`.execute(db.kysely);
          const { rows: totals } = await sql<object>`
            select * from read.daily_total
            order by merchant_id, day, currency, status`.execute(db.kysely);
          expect(sums).toEqual(totals);
        })
        .afterEach(empty),
      { numRuns: 30 },
    );
  });
});

describe('writing an export page by page', () => {
  const ROWS = 2_500;
  const narrowing = { from: '2026-03-01', to: '2026-03-31', position: 200n };

  beforeAll(async () => {
    await sql`
      insert into read.transaction_state
      select md5('export ' || n)::uuid, 100 + n % 2 * 150, null, md5('merchant')::uuid, 'order', 'transfer',
        'payment', md5('account')::uuid, '0134', '0102', '1234', 'pending', null, null,
        '2026-03-01'::date + n % 3, '2026-03-01', null, null, null, 'VES', n, null, null,
        null, null, null, null, null, null, '2026-03-01T14:00:00Z'
      from generate_series(1, ${2 * ROWS}::int) n`.execute(db.kysely);
  });

  afterAll(() => empty());

  it('tells every row of its place in the log once, by day, never more than a page at a time', async () => {
    const ids: string[] = [];
    const days: string[] = [];
    let pages = 0;
    for await (const page of new TransactionStatePages(db).of(narrowing)) {
      pages += 1;
      expect(page.length).toBeLessThanOrEqual(1_000);
      ids.push(...page.map(({ transaction_id: id }) => id));
      days.push(...page.map(({ day }) => day));
    }
    expect([pages, ids.length, new Set(ids).size]).toEqual([3, ROWS, ROWS]);
    expect(days).toEqual(days.toSorted());
  });

  it('reads no page before the one in front of it was taken, and none when nobody reads on', async () => {
    let read = 0;
    let ended = false;
    async function* counted() {
      try {
        for await (const page of new TransactionStatePages(db).of(narrowing)) {
          read += 1;
          yield page;
        }
      } finally {
        ended = true;
      }
    }
    const body = exportBody(counted(), { format: 'csv', position: 'p1' });
    await body.next();
    expect([read, ended]).toEqual([1, false]);
    await body.return(undefined);
    expect([read, ended]).toEqual([1, true]);
  });
});
