import { sql, type Kysely } from 'kysely';
import type { Database, DatabaseTransaction } from '../database/database.js';
import type { LogPosition } from '../event-store/event-store.js';
import './checkpoint.table.js';

/** Which projection, and which version of it: what a checkpoint belongs to. */
export interface ProjectionVersion {
  readonly name: string;
  readonly version: number;
}

/** Somebody else moved the checkpoint: this process is not, or no longer, the one that applies events. */
export class LeadershipLost extends Error {
  override name = 'LeadershipLost';
}

/** Where the projection stands; null before its first event. Makes the row when there is none. */
export async function openCheckpoint(
  db: Kysely<Database>,
  { name, version }: ProjectionVersion,
): Promise<LogPosition | null> {
  await db
    .insertInto('read.projection_checkpoint')
    .values({ name, version, position: null, prepare_position: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return readCheckpoint(db, { name, version });
}

/** Where the projection stands; null before its first event. */
export async function readCheckpoint(
  db: Kysely<Database>,
  { name, version }: ProjectionVersion,
): Promise<LogPosition | null> {
  const row = await db
    .selectFrom('read.projection_checkpoint')
    .select(['position', 'prepare_position'])
    .where('name', '=', name)
    .where('version', '=', version)
    .executeTakeFirst();
  return row === undefined || row.position === null || row.prepare_position === null
    ? null
    : { position: row.position, preparePosition: row.prepare_position };
}

/**
 * Moves the checkpoint inside the transaction that writes the rows, and holds it until that ends. Two leaders for
 * a moment (a lock lost unnoticed) are harmless: only the one that knows the latest checkpoint gets further.
 * @throws LeadershipLost
 */
export async function moveCheckpoint(
  tx: DatabaseTransaction,
  { name, version }: ProjectionVersion,
  from: LogPosition | null,
  to: LogPosition,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('read.projection_checkpoint')
    .set({
      position: to.position,
      prepare_position: to.preparePosition,
      updated_at: sql`now()`,
    })
    .where('name', '=', name)
    .where('version', '=', version)
    .where('position', 'is not distinct from', from?.position ?? null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n)
    throw new LeadershipLost('the checkpoint was moved by another process');
}
