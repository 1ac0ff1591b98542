import { sql, type Kysely } from 'kysely';
import type { Database, DatabaseTransaction } from '../database/database.js';
import type { LogPosition } from '../event-store/event-store.js';
import './checkpoint.table.js';

/** Which projection, and which version of it: what a checkpoint belongs to. */
export interface ProjectionVersion {
  readonly name: string;
  readonly version: number;
}

/** Where rows stand in the log, and which rows: they are others after every switch. */
export interface Checkpoint {
  /** Null before the first event. */
  readonly at: LogPosition | null;
  readonly generation: number;
}

/** Somebody else moved the checkpoint: this process is not, or no longer, the one that applies events. */
export class LeadershipLost extends Error {
  override name = 'LeadershipLost';
}

/** The rows are those of a newer version, which this process does not know: it must leave them alone. */
export class NewerVersionLive extends Error {
  override name = 'NewerVersionLive';
}

/** The rows are those of an older version: this one has to be built beside them and switched to. */
export class VersionNotBuilt extends Error {
  override name = 'VersionNotBuilt';
}

/**
 * Where the projection stands. Makes the row when there is none.
 * @throws NewerVersionLive
 * @throws VersionNotBuilt
 */
export async function openCheckpoint(
  db: Kysely<Database>,
  { name, version }: ProjectionVersion,
  isEmpty: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<Checkpoint> {
  const live = await liveVersion(db, name);
  if (live !== null && live > version) {
    throw new NewerVersionLive(`${name} ${live} is live, this process knows version ${version}`);
  }
  if (live !== version) {
    // A migration that empties the tables starts the new version from nothing; other rows must not be mixed.
    if (live !== null && !(await isEmpty())) {
      throw new VersionNotBuilt(
        `${name} ${live} is live; build version ${version} with: projections rebuild, then switch`,
      );
    }
    await db
      .insertInto('read.projection_checkpoint')
      .values({ name, version, position: null, prepare_position: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return (await findCheckpoint(db, { name, version })) ?? { at: null, generation: 1 };
}

/** Where a version stands, or null when there is none of it. */
export async function findCheckpoint(
  db: Kysely<Database>,
  { name, version }: ProjectionVersion,
): Promise<Checkpoint | null> {
  const row = await db
    .selectFrom('read.projection_checkpoint')
    .select(['position', 'prepare_position', 'generation'])
    .where('name', '=', name)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { position, prepare_position: preparePosition, generation } = row;
  const at = position === null || preparePosition === null ? null : { position, preparePosition };
  return { at, generation };
}

/** The newest version that has rows, or null when nothing was ever written. */
export async function liveVersion(db: Kysely<Database>, name: string): Promise<number | null> {
  const { version } = await db
    .selectFrom('read.projection_checkpoint')
    .select((select) => select.fn.max('version').as('version'))
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return version;
}

/**
 * Moves the checkpoint inside the transaction that writes the rows, and holds it until that ends. Two leaders for
 * a moment (a lock lost unnoticed) are harmless: only the one that knows the latest checkpoint gets further.
 * @throws LeadershipLost
 */
export async function moveCheckpoint(
  tx: DatabaseTransaction,
  { name, version }: ProjectionVersion,
  from: Checkpoint,
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
    .where('generation', '=', from.generation)
    .where('position', 'is not distinct from', from.at?.position ?? null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n)
    throw new LeadershipLost('the checkpoint was moved by another process');
}
