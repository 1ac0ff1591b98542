import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator, type MigrationInfo } from 'kysely/migration';
import { Pool } from 'pg';
import { migrations, type SchemaMigration } from './migrations/all.js';
import { connectionSettings } from './postgres-connection.js';
import { isReadSchemaGone, remakeReadSchema } from './read-schema.js';

// Any fixed number will do, as long as nothing else in this database takes it.
const LOCK = 7_201_000_001n;
// Longer than any migration may keep the others of a rolling deployment waiting.
const LOCK_WAIT_MS = 120_000;

/** Said among the names of what ran when schema `read` had been dropped. */
const READ_SCHEMA = 'schema read, made anew and empty';

/**
 * Brings the schema up to date; instances that start together take turns. Gives the names of what it ran. A schema
 * `read` that was dropped is made again first, as the migrations that ran have left it.
 */
export const migrateToLatest = (url: string): Promise<readonly string[]> =>
  withMigrator(url, async (migrator, db) => {
    const known = await migrator.getMigrations();
    const ran = known.filter(({ executedAt }) => executedAt !== undefined);
    const remade = ran.length > 0 && (await isReadSchemaGone(db));
    if (remade) {
      await remakeReadSchema(
        db,
        ran.map(({ migration }) => migration as SchemaMigration),
      );
    }
    const { error, results } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
    const names = (results ?? []).map((result) => result.migrationName);
    return remade ? [READ_SCHEMA, ...names] : names;
  });

/** Undoes the last migration; for development. Gives its name, or null when there was none. */
export const migrateDown = (url: string): Promise<string | null> =>
  withMigrator(url, async (migrator) => {
    const { error, results } = await migrator.migrateDown();
    if (error !== undefined) throw error;
    return results?.at(0)?.migrationName ?? null;
  });

/** Every migration there is, and when it ran. */
export const listMigrations = (url: string): Promise<readonly MigrationInfo[]> =>
  withMigrator(url, (migrator) => migrator.getMigrations());

async function withMigrator<T>(
  url: string,
  work: (migrator: Migrator, db: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  const pool = new Pool({
    ...connectionSettings(url),
    max: 1,
    // A migration may rewrite a large table; how long is for the operator to judge.
    statement_timeout: 0,
    query_timeout: 0,
    idle_in_transaction_session_timeout: 0,
    lock_timeout: LOCK_WAIT_MS,
  });
  // A failure of the one connection surfaces in the statement that uses it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await db.connection().execute(async (connection) => {
      // Kysely's own lock is released before its transaction commits, so that a second instance could
      // still read the old state (kysely 0.29.9); this one is held until the work is committed.
      await sql`select pg_advisory_lock(${LOCK})`.execute(connection);
      try {
        // Asked for here: while the migrator works, this connection is busy.
        const all = await withLater(connection);
        return await work(
          new Migrator({
            db: connection,
            provider: { getMigrations: () => Promise.resolve(all) },
            migrationTableSchema: 'state',
          }),
          connection,
        );
      } finally {
        await sql`select pg_advisory_unlock(${LOCK})`.execute(connection);
      }
    });
  } finally {
    await db.destroy();
  }
}

/**
 * The migrations of this version, and what a later one has run already: whoever goes back to the former image runs its
 * migrations on the newer schema, which holds all that they would make.
 */
async function withLater(db: Kysely<unknown>): Promise<Record<string, SchemaMigration>> {
  const last = Object.keys(migrations).at(-1) ?? '';
  const executed = await executedNames(db);
  const later = executed.filter((name) => name > last).map((name) => [name, ofLater(name)]);
  return { ...migrations, ...Object.fromEntries(later) };
}

async function executedNames(db: Kysely<unknown>): Promise<readonly string[]> {
  const table = await sql<{ there: boolean }>`
    select to_regclass('state.kysely_migration') is not null as there`.execute(db);
  if (table.rows[0]?.there !== true) return [];
  const { rows } = await sql<{ name: string }>`select name from state.kysely_migration`.execute(db);
  return rows.map(({ name }) => name);
}

function ofLater(name: string): SchemaMigration {
  const refuse = (): Promise<never> =>
    Promise.reject(new Error(`migration ${name} belongs to a later version; use its image`));
  return { up: refuse, down: refuse };
}
