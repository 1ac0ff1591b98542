// What `projections quarantine retry` needs of the queue: claims are moved by their own streams, by slots and by the
// sweeps of their account, and a held event of one of them is late for all.
import { sql } from 'kysely';
import { assert } from '../kernel/assert.js';
import type { DatabaseTransaction } from '../platform/database/database.js';
import type { StoredEvent } from '../platform/event-store/stored-event.js';
import type { ReadApplied } from '../platform/projections/projection.js';
import { rowsAsJson } from '../platform/projections/rows-as-json.js';
import type { TransactionEvent } from '../transactions/events/transaction.event.js';
import './account-sweep.table.js';
import { slotStream } from './domain/slot.js';
import { sweepStream } from './domain/sweeps.js';
import { streamOf, transactionOf } from './queue-row.js';
import type { SweepEvent } from './record-sweep/sweep.event.js';
import './verification-queue.table.js';

const READS_AT_ONCE = 20;
// A sweep names its stream a moment before its own event is dated, which may be on the other side of midnight.
const DATED_APART_MS = 60_000;
// By name and not in the text, so that rows of another schema may be unmade too.
const SWEEP = sql.table('read.account_sweep');

/**
 * Takes away the claims that the held events of one stream should have moved, and the sweeps that moved those; gives
 * all their other events. Sweeps come again to claims that stay, too, where they change nothing.
 */
export async function unmakeRows(
  tx: DatabaseTransaction,
  held: readonly StoredEvent[],
  read: ReadApplied,
): Promise<readonly StoredEvent[]> {
  const ids = await concernedBy(tx, held);
  const own = await readAll(ids.map(streamOf), read);
  const all = [...own, ...held];
  const slots = await readAll(all.flatMap(slotsOf).map(slotStream), read);
  const sweeps = await unmakeSweeps(tx, reachesOf(all), read);
  await tx
    .deleteFrom('read.verification_queue')
    .where('transaction_id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
  return [...own, ...slots, ...sweeps];
}

/** The claims whose rows the events should have moved, and which others have moved since. */
async function concernedBy(
  tx: DatabaseTransaction,
  held: readonly StoredEvent[],
): Promise<readonly string[]> {
  const named = held.flatMap((event) => transactionOf(event) ?? []);
  const listing = held.find(({ type }) => type === 'SweepAnswered.v1');
  if (listing === undefined) return [...new Set(named)];
  // A stream of sweeps is of one account. What has not moved since takes the held events as they come.
  const { receivingAccountId } = (listing as StoredEvent & SweepEvent).data;
  const rows = await tx
    .selectFrom('read.verification_queue')
    .select('transaction_id')
    .where('receiving_account_id', '=', receivingAccountId)
    .where('position', '>', listing.position)
    .execute();
  return rows.map((row) => row.transaction_id);
}

/** The slot whose movement a claim was to be bound to, or was. */
function slotsOf(event: StoredEvent): readonly string[] {
  const { type, data } = event as StoredEvent & TransactionEvent;
  return type === 'BindingProposed.v1' || type === 'TransactionVerified.v1' ? [data.slot] : [];
}

/** Which sweeps may have moved a claim: of its account, of its days and those beside them, since it was submitted. */
interface Reach {
  readonly receiving_account_id: string;
  readonly from_on: string;
  readonly to_on: string;
  readonly position: bigint;
}

function reachesOf(events: readonly StoredEvent[]): readonly Reach[] {
  const reaches = new Map<string, Reach>();
  for (const event of events) {
    const { type, data } = event as StoredEvent & TransactionEvent;
    if (type === 'TransactionSubmitted.v1') {
      const { receivingAccountId, paidOn } = data;
      const days = { from_on: paidOn, to_on: paidOn };
      const { position } = event;
      const reach = { receiving_account_id: receivingAccountId, ...days, position };
      reaches.set(event.streamName, reach);
    }
    const known = reaches.get(event.streamName);
    if (type === 'TransactionCorrected.v1' && known !== undefined) {
      const from_on = data.paidOn < known.from_on ? data.paidOn : known.from_on;
      const to_on = data.paidOn > known.to_on ? data.paidOn : known.to_on;
      reaches.set(event.streamName, { ...known, from_on, to_on });
    }
  }
  return [...reaches.values()];
}

async function unmakeSweeps(
  tx: DatabaseTransaction,
  reaches: readonly Reach[],
  read: ReadApplied,
): Promise<readonly StoredEvent[]> {
  const { rows } = await sql<{ sweep_id: string; receiving_account_id: string; started_at: Date }>`
    delete from ${SWEEP} as sweep
    using jsonb_populate_recordset(null::${SWEEP}, ${rowsAsJson(reaches)}::jsonb) as reach
    where sweep.receiving_account_id = reach.receiving_account_id
      and sweep.from_on <= reach.to_on + 1 and sweep.to_on >= reach.from_on - 1
      and sweep.position > reach.position
    returning sweep.sweep_id, sweep.receiving_account_id, sweep.started_at`.execute(tx);
  const streams = rows.flatMap(({ receiving_account_id: account, started_at: startedAt }) =>
    [-DATED_APART_MS, 0, DATED_APART_MS].map((apart) =>
      sweepStream(account, new Date(startedAt.getTime() + apart)),
    ),
  );
  const events = await readAll(streams, read);
  const found = new Set(events.map((event) => (event as StoredEvent & SweepEvent).data.sweepId));
  for (const { sweep_id: sweepId } of rows) {
    assert(found.has(sweepId), `sweep ${sweepId} is in a stream of its account and day`);
  }
  return events;
}

async function readAll(
  streamNames: readonly string[],
  read: ReadApplied,
): Promise<readonly StoredEvent[]> {
  const left = [...new Set(streamNames)];
  const events: StoredEvent[] = [];
  while (left.length > 0) {
    const streams = await Promise.all(left.splice(0, READS_AT_ONCE).map(read));
    events.push(...streams.flat());
  }
  return events;
}
