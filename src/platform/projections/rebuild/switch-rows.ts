import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/database.js';
import type { Projection } from '../projection.js';
import { bare, dropTables } from './beside-tables.js';
import { LIVE_SCHEMA } from './schema-redirect.js';

/** Which rows become the live ones, and where those that were live go. */
export interface Exchange {
  readonly from: string;
  readonly to: string;
}

/**
 * Makes the rows of one schema the live ones and keeps the live ones in another, all in the transaction given: a
 * reader sees the one or the other. Whoever follows the log notices by the generation.
 */
export async function switchRows(
  tx: DatabaseTransaction,
  projections: readonly Projection[],
  { from, to }: Exchange,
): Promise<void> {
  for (const projection of projections) {
    // When both are the same schema, the two change places.
    const kept = from === to ? PASSING_SCHEMA : to;
    if (from === to) await sql`create schema ${sql.id(PASSING_SCHEMA)}`.execute(tx);
    else await dropTables(tx, to, projection);
    for (const table of projection.tables.map(bare)) {
      await moveTable(tx, table, LIVE_SCHEMA, kept);
      await moveTable(tx, table, from, LIVE_SCHEMA);
      if (kept !== to) await moveTable(tx, table, kept, to);
    }
    if (from === to) await sql`drop schema ${sql.id(PASSING_SCHEMA)}`.execute(tx);
    await exchangeBooks(tx, projection, { from, to });
  }
}

const PASSING_SCHEMA = 'read_passing';

const moveTable = (tx: DatabaseTransaction, table: string, from: string, to: string) =>
  sql`alter table ${sql.id(from, table)} set schema ${sql.id(to)}`.execute(tx);

/** Where the rows stand and what they lack goes with the rows. */
async function exchangeBooks(
  tx: DatabaseTransaction,
  { name }: Projection,
  { from, to }: Exchange,
): Promise<void> {
  for (const [table, column] of [
    ['projection_checkpoint', 'name'],
    ['quarantined_event', 'projection'],
  ] as const) {
    const own = sql`where ${sql.ref(column)} = ${name}`;
    await sql`create temporary table leaving on commit drop as
      select * from ${sql.id(LIVE_SCHEMA, table)} ${own}`.execute(tx);
    await sql`delete from ${sql.id(LIVE_SCHEMA, table)} ${own}`.execute(tx);
    await sql`insert into ${sql.id(LIVE_SCHEMA, table)}
      select * from ${sql.id(from, table)} ${own}`.execute(tx);
    await sql`delete from ${sql.id(from, table)} ${own}`.execute(tx);
    await sql`insert into ${sql.id(to, table)} select * from leaving`.execute(tx);
    if (table === 'projection_checkpoint') {
      await sql`update ${sql.id(LIVE_SCHEMA, table)}
        set generation = 1 + (select max(generation) from leaving) ${own}`.execute(tx);
    }
    await sql`drop table leaving`.execute(tx);
  }
}
