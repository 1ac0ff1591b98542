import * as fc from 'fast-check';
import { sql } from 'kysely';
import { DailyTotalsProjection } from '../../src/finance/daily-totals/daily-totals.projection.js';
import { selectTotalsAt } from '../../src/finance/daily-totals/daily-totals.store.js';
import {
  entryAfter,
  type DailyTotalEntry,
  type StoredTransactionEvent,
} from '../../src/finance/daily-totals/daily-total-entry.js';
import type { DailyTotalsQuery } from '../../src/finance/daily-totals/daily-totals.request.js';
import { GetDailyTotals } from '../../src/finance/daily-totals/get-daily-totals.query.js';
import { GetDailyTotalsHandler } from '../../src/finance/daily-totals/get-daily-totals.query-handler.js';
import type { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { aCaller } from '../support/a-submission.js';
import { anId, happened } from '../support/a-transaction.js';
import { applied, givenProjection, rowsOf } from '../support/given-projection.js';
import { batchesOf, logs } from '../support/histories.js';
import { freshReadModels, type ReadModels } from '../support/read-models.js';
import { reportPositions } from '../support/report-positions.js';
import { Log } from '../support/stored-events.js';

const TOTALS = { table: 'read.daily_total', orderBy: 'status' } as const;
const ENTRIES = 'read.daily_total_entry';
const KEPT = [TOTALS.table, ENTRIES, 'read.daily_total_change', 'read.log_mark'];
const projection = new DailyTotalsProjection();

let readModels: ReadModels;
let db: PostgresConnection;

beforeAll(async () => {
  readModels = await freshReadModels();
  db = readModels.db;
});

afterAll(() => readModels.close());

beforeEach(() => readModels.empty(...KEPT));

const given = (...events: readonly StoredEvent[]) =>
  givenProjection(db, projection).given(...events);
const verified = [
  happened.submitted(),
  happened.bindingProposed(),
  happened.verified({ bankOn: '2026-03-11', bankAmountMinor: 11_990 }),
];

/** What the entries add up to, asked of Postgres in another way than the totals are kept. */
const sumOfEntries = async () => {
  const { rows } = await sql`
    select merchant_id, day, currency, status, count(*) as transactions,
      sum(claimed_minor) as claimed_minor, count(bank_minor) as bank_transactions,
      coalesce(sum(bank_minor), 0) as bank_minor
    from read.daily_total_entry
    group by merchant_id, day, currency, status
    order by merchant_id, day, currency, status`.execute(db.kysely);
  return rows;
};
const totals = async () => {
  const { rows } = await sql`
    select * from read.daily_total order by merchant_id, day, currency, status`.execute(db.kysely);
  return rows;
};

const LONG = { from: '2026-01-01', to: '2026-12-31' } as DailyTotalsQuery;
const totalsAt = (position: bigint) =>
  selectTotalsAt(db.kysely, LONG, { merchantId: null, position }).execute();

/** What the log up to a position adds up to, by the events alone. */
function replayed(events: readonly StoredEvent[], position: bigint) {
  const entries = new Map<string, DailyTotalEntry | null>();
  for (const event of events.filter((each) => each.position <= position)) {
    const known = entries.get(event.streamName) ?? null;
    entries.set(event.streamName, entryAfter(known, event as StoredTransactionEvent));
  }
  const groups = new Map<string, DailyTotalEntry[]>();
  for (const entry of entries.values()) {
    if (entry === null) continue;
    const name = [entry.day, entry.currency, entry.status].join(' ');
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return [...groups]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, all]) => {
      const [day, currency, status] = name.split(' ');
      const banked = all.flatMap(({ bank_minor: amount }) => (amount === null ? [] : [amount]));
      return {
        day,
        currency,
        status,
        transactions: BigInt(all.length),
        claimed_minor: String(all.reduce((sum, each) => sum + each.claimed_minor, 0n)),
        bank_minor:
          banked.length === all.length
            ? String(banked.reduce((sum, each) => sum + each, 0n))
            : null,
      };
    });
}

describe('projecting daily totals', () => {
  it('counts a claim on the day on which it is said to have been paid', async () => {
    await given(new Log().next(happened.submitted())).thenRows(TOTALS, [
      {
        merchant_id: anId('merchant'),
        day: '2026-03-10',
        currency: 'VES',
        status: 'pending',
        transactions: 1n,
        claimed_minor: '12000',
        bank_transactions: 0n,
        bank_minor: '0',
      },
    ]);
  });

  it("counts money on the bank's day, with the bank's amount", async () => {
    await given(...new Log().all(verified)).thenRows(TOTALS, [
      {
        day: '2026-03-11',
        status: 'verified',
        transactions: 1n,
        claimed_minor: '12000',
        bank_transactions: 1n,
        bank_minor: '11990',
      },
    ]);
  });

  it('keeps a reversed credit on its day, and takes back one that was bound by mistake', async () => {
    await given(...new Log().all([...verified, happened.reversed()])).thenRows(TOTALS, [
      { day: '2026-03-11', status: 'reversed', bank_minor: '11990' },
    ]);
    await readModels.empty(...KEPT);
    await given(...new Log().all([...verified, happened.flagged({ reason: 'reopened' })])).thenRows(
      TOTALS,
      [{ day: '2026-03-10', status: 'needs_review', bank_transactions: 0n, bank_minor: '0' }],
    );
  });

  it('never counts a claim of a test key', async () => {
    const [first, ...rest] = new Log().all([
      happened.submitted({ mode: 'test' }),
      ...verified.slice(1),
    ]);
    await given(...(first === undefined ? [] : [first]), ...rest).thenRows(TOTALS, []);
  });

  it('always equals the sum of its entries, and a replay up to any position, however it is cut', async () => {
    await fc.assert(
      fc
        .asyncProperty(logs, async ({ events, cuts }) => {
          for (const batch of batchesOf(events, cuts)) {
            await applied(db, projection, batch);
            await applied(db, projection, batch.slice(-1));
            expect(await totals()).toEqual(await sumOfEntries());
          }
          for (const { position } of events) {
            expect(await totalsAt(position)).toEqual(replayed(events, position));
          }
          const live = [await totals(), await rowsOf(db, ENTRIES, 'transaction_id')];
          await readModels.empty(...KEPT);
          await applied(db, projection, events);
          expect([await totals(), await rowsOf(db, ENTRIES, 'transaction_id')]).toEqual(live);
        })
        .afterEach(() => readModels.empty(...KEPT)),
      { numRuns: 60 },
    );
  });
});

describe('asking for daily totals', () => {
  const ask = (range: Partial<DailyTotalsQuery> = {}, caller = aCaller({ merchantId: null })) =>
    new GetDailyTotalsHandler(db, reportPositions(db)).execute(
      new GetDailyTotals(
        { from: '2026-03-01', to: '2026-03-31', ...range } as DailyTotalsQuery,
        caller,
      ),
    );

  beforeEach(async () => {
    const log = new Log();
    const claim = (name: string, over: Parameters<typeof happened.submitted>[0]) =>
      log.next(happened.submitted({ transactionId: anId(name), ...over }), anId(name));
    await applied(db, projection, [
      ...log.all(verified),
      claim('two', { amountMinor: 500 }),
      claim('three', { currency: 'USD', amountMinor: 7 }),
      claim('four', { merchantId: anId('another merchant'), amountMinor: 1 }),
      claim('five', { paidOn: '2026-04-01' }),
    ]);
  });

  it('adds up merchants for staff, never currencies, and knows no bank amount where there is none', async () => {
    const answer = await ask();

    expect(answer).toMatchObject({ coverage: 'none', time_zone: 'America/Caracas' });
    expect(answer.data).toEqual([
      total('2026-03-10', 'USD', 'pending', [1, 7, null]),
      total('2026-03-10', 'VES', 'pending', [2, 501, null]),
      total('2026-03-11', 'VES', 'verified', [1, 12_000, 11_990]),
    ]);
  });

  it("shows a merchant's key its own, by currency where asked", async () => {
    const answer = await ask({ currency: 'VES' as never }, aCaller());

    expect(answer.data).toEqual([
      total('2026-03-10', 'VES', 'pending', [1, 500, null]),
      total('2026-03-11', 'VES', 'verified', [1, 12_000, 11_990]),
    ]);
  });

  it('lets staff ask for one merchant', async () => {
    const answer = await ask({ merchant_id: anId('another merchant') });

    expect(answer.data).toEqual([total('2026-03-10', 'VES', 'pending', [1, 1, null])]);
  });

  it.each([
    ['another merchant', { merchant_id: anId('another merchant') }, {}, 'not_found'],
    ['a test key', {}, { mode: 'test' as const }, 'not_permitted'],
  ])('shows %s nothing', async (_, range, over, code) => {
    await expect(ask(range, aCaller(over))).rejects.toMatchObject({ code });
  });

  it('writes a sum that no JSON integer holds as text', async () => {
    const log = new Log();
    const amountMinor = Number.MAX_SAFE_INTEGER;
    const currency = 'EUR';
    await applied(
      db,
      projection,
      ['six', 'seven'].map((name) =>
        log.next(
          happened.submitted({ transactionId: anId(name), amountMinor, currency }),
          anId(name),
        ),
      ),
    );

    const answer = await ask({ currency: currency as never });

    expect(answer.data).toEqual([
      total('2026-03-10', 'EUR', 'pending', [2, '18014398509481982', null]),
    ]);
  });
});

function total(
  day: string,
  currency: string,
  status: string,
  figures: readonly [number, number | string, number | null],
) {
  const [transactions, claimed_amount, bank_amount] = figures;
  return { day, currency, status, transactions, claimed_amount, bank_amount };
}
