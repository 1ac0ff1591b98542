import { Injectable } from '@nestjs/common';
import { sql, type RawBuilder } from 'kysely';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { Projection } from '../../platform/projections/projection.js';
import { rowsAsJson } from '../../platform/projections/rows-as-json.js';
import {
  entryAfter,
  type DailyTotalEntry,
  type StoredTransactionEvent,
} from './daily-total-entry.js';
import type { DailyTotalChangeTable } from './daily-totals.table.js';
import { changesBetween } from './daily-total-change.js';
import { writeMarks } from './log-marks.store.js';

/**
 * Totals per merchant, day, currency and status: at every moment the sum of the entries behind them, and at every
 * position the sum of the changes up to there (decision 111).
 */
@Injectable()
export class DailyTotalsProjection extends Projection {
  readonly name = 'daily-totals';
  // 2: every change of an entry is kept, and marks of the log.
  readonly version = 2;
  readonly categories = ['transaction'] as const;
  readonly tables = [
    'read.daily_total_entry',
    'read.daily_total',
    'read.daily_total_change',
    'read.log_mark',
  ] as const;
  override readonly neededIndexes = ['daily_total_empty'] as const;
  override readonly sums = [
    {
      table: 'read.daily_total',
      by: ['merchant_id', 'currency', 'status'],
      of: ['transactions', 'claimed_minor', 'bank_minor'],
    },
  ] as const;

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    const known = events as readonly StoredTransactionEvent[];
    const before = await entriesOf(tx, known);
    const after = new Map<string, DailyTotalEntry | null>(before);
    const changes: DailyTotalChangeTable[] = [];
    for (const event of known) {
      const stood = after.get(event.streamName) ?? null;
      const stands = entryAfter(stood, event);
      after.set(event.streamName, stands);
      changes.push(...changesBetween(stood, stands));
    }
    await writeMarks(tx, known);
    const changed = [...after].flatMap(([stream, entry]) =>
      entry === null || entry === before.get(stream) ? [] : [entry],
    );
    if (changed.length === 0) return;
    await moveTotals(changed).execute(tx);
    await writeChanges(tx, changes);
    // A rebuild that sees two events in one batch never makes the row between them; nor must this leave one.
    await sql`delete from ${TOTAL} where transactions = 0`.execute(tx);
  }
}

const STREAM = 'transaction-';
// By name and not in the text, so that a rebuild may fill the tables of another schema.
const ENTRY = sql.table('read.daily_total_entry');
const TOTAL = sql.table('read.daily_total');
const CHANGE = sql.table('read.daily_total_change');

/** A change that is there already is the same one. */
async function writeChanges(
  tx: DatabaseTransaction,
  changes: readonly DailyTotalChangeTable[],
): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    insert into ${CHANGE}
    select * from jsonb_populate_recordset(null::${CHANGE}, ${rowsAsJson(changes)}::jsonb)
    on conflict do nothing`.execute(tx);
}

async function entriesOf(
  tx: DatabaseTransaction,
  events: readonly StoredTransactionEvent[],
): Promise<ReadonlyMap<string, DailyTotalEntry>> {
  const ids = [...new Set(events.map(({ streamName }) => streamName.slice(STREAM.length)))];
  const entries = await tx
    .selectFrom('read.daily_total_entry')
    .selectAll()
    .where('transaction_id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
  return new Map(entries.map((entry) => [`${STREAM}${entry.transaction_id}`, entry]));
}

/**
 * Writes entries and moves the totals by the difference to what was there, in one statement: an entry that is not
 * newer than the one that stands changes neither.
 */
export const moveTotals = (entries: readonly DailyTotalEntry[]): RawBuilder<unknown> => sql`
with incoming as (
  select * from jsonb_populate_recordset(
    null::${ENTRY}, ${rowsAsJson(entries)}::jsonb)
),
previous as (
  select known.* from ${ENTRY} known
  join incoming using (transaction_id)
  where known.position < incoming.position
),
written as (
  insert into ${ENTRY} as known
  select * from incoming
  on conflict (transaction_id) do update set
    day = excluded.day,
    status = excluded.status,
    paid_on = excluded.paid_on,
    claimed_minor = excluded.claimed_minor,
    bank_minor = excluded.bank_minor,
    position = excluded.position
  where known.position < excluded.position
  returning *
),
moved as (
  select 1 as times, written.* from written
  union all
  select -1 as times, previous.* from previous
)
insert into ${TOTAL} as total
  (merchant_id, day, currency, status, transactions, claimed_minor, bank_transactions, bank_minor)
select
  merchant_id, day, currency, status,
  sum(times),
  sum(times * claimed_minor),
  coalesce(sum(times) filter (where bank_minor is not null), 0),
  coalesce(sum(times * bank_minor), 0)
from moved
group by merchant_id, day, currency, status
on conflict (merchant_id, day, currency, status) do update set
  transactions = total.transactions + excluded.transactions,
  claimed_minor = total.claimed_minor + excluded.claimed_minor,
  bank_transactions = total.bank_transactions + excluded.bank_transactions,
  bank_minor = total.bank_minor + excluded.bank_minor`;
