import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { Projection } from '../../platform/projections/projection.js';
import { rowsAsJson } from '../../platform/projections/rows-as-json.js';
import type { SweepAnswered } from '../../verification/record-sweep/sweep-answered.event.js';
import { coveredBy } from './covered-days.js';
import { slotAfter, slotOfEvent, type StoredSlotEvent } from './movement-slot.js';
import type { AccountCoverageTable, MovementSlotTable } from './movement.table.js';
import { movementsOf } from './told-movements.js';

// By name and not in the text, so that a rebuild may fill the tables of another schema.
const SLOT = sql.table('read.movement_slot');
const MOVEMENT = sql.table('read.movement');
const COVERAGE = sql.table('read.account_coverage');

/**
 * What the bank shows on the receiving accounts, and how far its listings covered their days. The rows of a slot
 * follow from its own stream alone, and those of coverage come out the same in whatever order sweeps are applied: so
 * nothing has to be unmade before a retry of what was held.
 */
@Injectable()
export class MovementsProjection extends Projection {
  readonly name = 'movements';
  readonly version = 1;
  readonly categories = ['movement', 'sweep'] as const;
  readonly tables = ['read.movement_slot', 'read.movement', 'read.account_coverage'] as const;
  override readonly neededIndexes = ['movement_slot_rows'] as const;
  override readonly sums = [
    { table: 'read.movement', by: ['bank', 'currency', 'direction'], of: ['amount_minor'] },
  ] as const;

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    await applySlots(
      tx,
      events.flatMap((event) => {
        const slot = slotOfEvent(event);
        return slot === null ? [] : [{ slot, event: event as StoredSlotEvent }];
      }),
    );
    await cover(
      tx,
      events.flatMap(({ type, data, position }) =>
        type === 'SweepAnswered.v1' ? coveredBy(data as SweepAnswered, position) : [],
      ),
    );
  }
}

async function applySlots(
  tx: DatabaseTransaction,
  events: readonly { readonly slot: string; readonly event: StoredSlotEvent }[],
): Promise<void> {
  if (events.length === 0) return;
  const names = [...new Set(events.map(({ slot }) => slot))];
  const known = await tx
    .selectFrom('read.movement_slot')
    .selectAll()
    .where('slot', '=', sql<string>`any(${names}::text[])`)
    .execute();
  const before = new Map(known.map((row) => [row.slot, row]));
  const after = new Map<string, MovementSlotTable>(before);
  for (const { slot, event } of events) after.set(slot, slotAfter(after.get(slot), slot, event));
  const changed = [...after.values()].filter((slot) => before.get(slot.slot) !== slot);
  if (changed.length > 0) await writeSlots(tx, changed);
}

/** Of a slot a handful of rows is known, so its movements are written anew. */
async function writeSlots(
  tx: DatabaseTransaction,
  slots: readonly MovementSlotTable[],
): Promise<void> {
  await sql`
    insert into ${SLOT} as known
    select * from jsonb_populate_recordset(null::${SLOT}, ${rowsAsJson(slots)}::jsonb)
    on conflict (slot) do update set
      sightings = excluded.sightings,
      holders = excluded.holders,
      position = excluded.position`.execute(tx);
  await tx
    .deleteFrom('read.movement')
    .where('slot', '=', sql<string>`any(${slots.map(({ slot }) => slot)}::text[])`)
    .execute();
  await sql`
    insert into ${MOVEMENT}
    select * from jsonb_populate_recordset(
      null::${MOVEMENT}, ${rowsAsJson(slots.flatMap(movementsOf))}::jsonb)`.execute(tx);
}

/** First and last are kept, so that the order in which listings come makes no difference, nor does a repeat. */
async function cover(
  tx: DatabaseTransaction,
  days: readonly AccountCoverageTable[],
): Promise<void> {
  if (days.length === 0) return;
  await sql`
    insert into ${COVERAGE} as known
    select receiving_account_id, day, min(swept_position), max(last_swept_at),
      min(complete_position), max(last_complete_at)
    from jsonb_populate_recordset(null::${COVERAGE}, ${rowsAsJson(days)}::jsonb)
    group by receiving_account_id, day
    on conflict (receiving_account_id, day) do update set
      swept_position = least(known.swept_position, excluded.swept_position),
      last_swept_at = greatest(known.last_swept_at, excluded.last_swept_at),
      complete_position = least(known.complete_position, excluded.complete_position),
      last_complete_at = greatest(known.last_complete_at, excluded.last_complete_at)`.execute(tx);
}
