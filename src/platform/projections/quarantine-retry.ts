import { sql } from 'kysely';
import type { DatabaseConnection, DatabaseTransaction } from '../database/database.js';
import { isOutsideFailure, isSchemaFailure } from '../database/outside-failure.js';
import type { EventStore } from '../event-store/event-store.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import { findCheckpoint } from './checkpoint-store.js';
import type { Projection, ReadApplied } from './projection.js';
import { quarantinedRevisions, reasonOf } from './quarantine.js';
import './quarantined-event.table.js';

/** What a retry came to. */
export interface Retried {
  readonly applied: number;
  readonly left: number;
  /** Why it stopped; null when nothing is left. */
  readonly reason: string | null;
}

interface RetryParts {
  readonly db: DatabaseConnection;
  readonly store: EventStore;
}

/** An event that was applied before cannot be applied again, so that the rows stay as they were. */
class NotRemade extends Error {
  override name = 'NotRemade';
}

/**
 * Applies what is held of one stream, in order, until something fails again, and puts right what other streams did
 * to the same rows meanwhile: afterwards they are what a replay makes of them. The leader waits at its checkpoint,
 * so that nothing is put behind these events while they are being taken away.
 */
export async function retryStream(
  parts: RetryParts,
  projection: Projection,
  streamName: string,
): Promise<Retried> {
  let left = 0;
  try {
    return await parts.db.kysely.transaction().execute(async (tx) => {
      await sql`set local synchronous_commit = on`.execute(tx);
      await tx
        .selectFrom('read.projection_checkpoint')
        .select('name')
        .where('name', '=', projection.name)
        .forUpdate()
        .execute();
      const { held, read } = await whatIsHeld(tx, { ...parts, projection }, streamName);
      left = held.length;
      const beside = await projection.unmake(tx, held, read);
      return applyInOrder(tx, projection, { held, beside });
    });
  } catch (error) {
    if (!(error instanceof NotRemade)) throw error;
    return { applied: 0, left, reason: error.message };
  }
}

/** The events to apply, and how to read others as the rows stand: what is beyond the checkpoint comes in its own time. */
async function whatIsHeld(
  tx: DatabaseTransaction,
  { store, projection }: { readonly store: EventStore; readonly projection: Projection },
  streamName: string,
): Promise<{ readonly held: readonly StoredEvent[]; readonly read: ReadApplied }> {
  const waiting = await quarantinedRevisions(tx, projection);
  const end = (await findCheckpoint(tx, projection))?.at?.position ?? -1n;
  const isHeld = (event: StoredEvent): boolean =>
    waiting.get(event.streamName)?.has(event.revision) === true;
  const held = waiting.has(streamName) ? await store.readStream(streamName) : [];
  return {
    held: held.filter(isHeld),
    read: async (name) =>
      (await store.readStream(name)).filter((event) => event.position <= end && !isHeld(event)),
  };
}

/** Everything in the order of the log; of the held events only those before the first that fails again. */
async function applyInOrder(
  tx: DatabaseTransaction,
  projection: Projection,
  events: { readonly held: readonly StoredEvent[]; readonly beside: readonly StoredEvent[] },
): Promise<Retried> {
  const held = new Set(events.held);
  const all = [...events.held, ...events.beside].sort((a, b) => (a.position < b.position ? -1 : 1));
  let run: StoredEvent[] = [];
  let applied = 0;
  let reason: string | null = null;
  for (const event of all) {
    if (!held.has(event)) {
      run.push(event);
    } else if (reason === null) {
      await applyAgain(tx, projection, run);
      run = [];
      reason = await tryAgain(tx, projection, event);
      if (reason === null) applied += 1;
    }
  }
  await applyAgain(tx, projection, run);
  return { applied, left: held.size - applied, reason };
}

/** @throws NotRemade */
async function applyAgain(
  tx: DatabaseTransaction,
  projection: Projection,
  events: readonly StoredEvent[],
): Promise<void> {
  if (events.length === 0) return;
  try {
    await projection.apply(tx, events);
  } catch (error) {
    if (isOutsideFailure(error) || isSchemaFailure(error)) throw error;
    throw new NotRemade(
      `events that were applied before cannot be applied again: ${reasonOf(error)}`,
    );
  }
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
