import { sql, type Kysely } from 'kysely';
import type { Database, DatabaseConnection, DatabaseTransaction } from '../database/database.js';
import { isOutsideFailure, isSchemaFailure } from '../database/outside-failure.js';
import type { EventStore } from '../event-store/event-store.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import type { Projection } from './projection.js';
import { reasonOf } from './quarantine.js';
import './quarantined-event.table.js';

/** One stream that a read model could not follow any further. */
export interface HeldStream {
  readonly projection: string;
  readonly version: number;
  readonly streamName: string;
  readonly revision: bigint;
  readonly type: string;
  readonly reason: string;
  readonly since: Date;
  /** Events that could not be applied, the failed one and those behind it. */
  readonly events: number;
}

/** What a retry came to. */
export interface Retried {
  readonly applied: number;
  readonly left: number;
  /** Why it stopped; null when nothing is left. */
  readonly reason: string | null;
}

/** Every held stream, oldest first. */
export async function heldStreams(
  db: Kysely<Database>,
  projections: readonly string[],
): Promise<readonly HeldStream[]> {
  const { rows } = await sql<HeldStream>`
    select projection, version, stream_name as "streamName", min(revision) as revision,
      (array_agg(type order by revision))[1] as type,
      (array_agg(reason order by revision))[1] as reason,
      min(quarantined_at) as since, count(*)::int as events
    from read.quarantined_event where projection = any(${projections}::text[])
    group by projection, version, stream_name order by since, stream_name`.execute(db);
  return rows;
}

/**
 * Applies what is held of one stream, in order, until something fails again. The leader waits meanwhile at its
 * checkpoint, so that nothing is put behind these events while they are being taken away.
 */
export async function retryStream(
  parts: { readonly db: DatabaseConnection; readonly store: EventStore },
  projection: Projection,
  streamName: string,
): Promise<Retried> {
  const { name, version } = projection;
  return parts.db.kysely.transaction().execute(async (tx) => {
    await sql`set local synchronous_commit = on`.execute(tx);
    await tx
      .selectFrom('read.projection_checkpoint')
      .select('name')
      .where('name', '=', name)
      .forUpdate()
      .execute();
    const held = await tx
      .selectFrom('read.quarantined_event')
      .select('revision')
      .where('projection', '=', name)
      .where('version', '=', version)
      .where('stream_name', '=', streamName)
      .orderBy('revision')
      .execute();
    const revisions = new Set(held.map(({ revision }) => revision));
    const events = await parts.store.readStream(streamName);
    let applied = 0;
    for (const event of events.filter(({ revision }) => revisions.has(revision))) {
      const reason = await tryAgain(tx, projection, event);
      if (reason !== null) return { applied, left: held.length - applied, reason };
      applied += 1;
    }
    return { applied, left: held.length - applied, reason: null };
  });
}

/** Null when the event was applied, else why not; what failed is written down anew. */
async function tryAgain(
  tx: DatabaseTransaction,
  projection: Projection,
  event: StoredEvent,
): Promise<string | null> {
  await sql`savepoint one_event`.execute(tx);
  try {
    await projection.apply(tx, [event]);
    await sql`release savepoint one_event`.execute(tx);
    await ofEvent(tx.deleteFrom('read.quarantined_event'), projection, event).execute();
    return null;
  } catch (error) {
    if (isOutsideFailure(error) || isSchemaFailure(error)) throw error;
    await sql`rollback to savepoint one_event`.execute(tx);
    const reason = reasonOf(error);
    await ofEvent(
      tx.updateTable('read.quarantined_event').set({ outcome: 'failed', reason }),
      projection,
      event,
    ).execute();
    return reason;
  }
}

/** Narrows a statement to the row of one event. */
function ofEvent<
  Statement extends { where(column: string, operator: '=', value: unknown): Statement },
>(statement: Statement, { name, version }: Projection, event: StoredEvent): Statement {
  return statement
    .where('projection', '=', name)
    .where('version', '=', version)
    .where('stream_name', '=', event.streamName)
    .where('revision', '=', event.revision);
}
