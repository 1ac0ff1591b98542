import { sql, type Kysely } from 'kysely';
import type { SchemaMigration } from './migrations/all.js';

/** True when schema `read` has no table: where migrations ran, somebody dropped it. */
export async function isReadSchemaGone(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ gone: boolean }>`
    select not exists (select from pg_tables where schemaname = 'read') as gone`.execute(db);
  return rows[0]?.gone === true;
}

/**
 * Makes the tables of schema `read` anew, empty, so that whoever follows the log fills them again. The migrations
 * make both schemas, so schema `state` steps aside meanwhile: in one transaction, of which nobody else sees anything.
 */
export const remakeReadSchema = (
  db: Kysely<unknown>,
  migrations: readonly SchemaMigration[],
): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await sql`alter schema state rename to state_aside`.execute(tx);
    for (const { up } of migrations) await up(tx);
    await sql`drop schema state cascade`.execute(tx);
    await sql`alter schema state_aside rename to state`.execute(tx);
  });
