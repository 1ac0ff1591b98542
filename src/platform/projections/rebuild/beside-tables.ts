import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Database, DatabaseTransaction } from '../../database/database.js';
import type { Projection } from '../projection.js';
import { LIVE_SCHEMA } from './schema-redirect.js';

/** Where a new version is built, where the one before is kept, and where a replay is made to be compared. */
export const NEXT_SCHEMA = 'read_next';
export const PREVIOUS_SCHEMA = 'read_previous';
export const CHECK_SCHEMA = 'read_check';

/** What the runtime itself keeps about projections; every schema has its own. */
export const OWN_TABLES = ['read.projection_checkpoint', 'read.quarantined_event'] as const;

/** The name without its schema. */
export const bare = (table: string): string => table.slice(table.indexOf('.') + 1);

/** Makes the schema and the runtime's own tables in it, unless they are there. */
export async function openSchema(db: Kysely<Database>, schema: string): Promise<void> {
  await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
  for (const table of OWN_TABLES.map(bare)) {
    if (!(await isLike(db, schema, table))) await remake(db, schema, table);
  }
}

/**
 * Makes a projection's tables anew and empty; forgets where it stood. Of the indexes only those come now that the
 * replay needs: each of the others would be kept up with every row, and is made far sooner at the end.
 */
export const makeTables = (
  db: Kysely<Database>,
  schema: string,
  projection: Projection,
): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await dropTables(tx, schema, projection);
    for (const table of projection.tables.map(bare)) {
      await makeLike(tx, schema, table);
      const needed = await indexesOf(tx, schema, table);
      for (const { name, isUnique, definition } of needed) {
        if (isUnique || projection.neededIndexes.includes(name))
          await sql.raw(definition).execute(tx);
      }
    }
  });

/** Makes the indexes that are still missing, and lets the planner know the rows; again does nothing. */
export async function completeTables(
  db: Kysely<Database>,
  schema: string,
  projection: Projection,
): Promise<void> {
  for (const table of projection.tables.map(bare)) {
    for (const { isThere, definition } of await indexesOf(db, schema, table)) {
      if (!isThere) await sql.raw(definition).execute(db);
    }
    await sql`analyze ${sql.id(schema, table)}`.execute(db);
  }
}

/** Drops a projection's tables in a schema beside the live one, and what the runtime keeps about them there. */
export async function dropTables(
  tx: DatabaseTransaction,
  schema: string,
  { name, tables }: Projection,
): Promise<void> {
  for (const table of tables.map(bare)) {
    await sql`drop table if exists ${sql.id(schema, table)}`.execute(tx);
  }
  await sql`delete from ${sql.id(schema, 'projection_checkpoint')} where name = ${name}`.execute(
    tx,
  );
  await sql`delete from ${sql.id(schema, 'quarantined_event')} where projection = ${name}`.execute(
    tx,
  );
}

/**
 * True when the table is there and has the columns of the live one. A migration may have changed that one since the
 * other was made; rows of another shape must never take its place.
 */
export async function isLike(
  db: Kysely<Database>,
  schema: string,
  table: string,
): Promise<boolean> {
  const { rows } = await sql<{ live: string | null; beside: string | null }>`
    select ${shape(LIVE_SCHEMA, table)} as live, ${shape(schema, table)} as beside`.execute(db);
  const [shapes] = rows;
  return shapes !== undefined && shapes.beside !== null && shapes.live === shapes.beside;
}

/** True when it is like the live one and lacks none of its indexes. */
export async function isComplete(
  db: Kysely<Database>,
  schema: string,
  table: string,
): Promise<boolean> {
  if (!(await isLike(db, schema, table))) return false;
  return (await indexesOf(db, schema, table)).every(({ isThere }) => isThere);
}

interface TableIndex {
  readonly name: string;
  readonly isUnique: boolean;
  readonly isThere: boolean;
  /** The statement that makes it in the other schema. */
  readonly definition: string;
}

/** The live table's indexes that are no constraints, and whether the other table has them. */
async function indexesOf(
  db: Kysely<Database>,
  schema: string,
  table: string,
): Promise<readonly TableIndex[]> {
  const live = `${LIVE_SCHEMA}.${table}`;
  const { rows } = await sql<TableIndex>`
    select relname as name, indisunique as "isUnique",
      to_regclass(quote_ident(${schema}) || '.' || quote_ident(relname)) is not null as "isThere",
      pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indexrelid
    where indrelid = ${live}::regclass
      and not exists (select from pg_constraint where conindid = indexrelid)`.execute(db);
  return rows.map((row) => ({
    ...row,
    definition: row.definition.replace(` ON ${live} `, ` ON ${schema}.${table} `),
  }));
}

/** Columns with their types as one text; null when there is no such table. */
const shape = (schema: string, table: string): RawBuilder<string | null> => sql`(
  select string_agg(part, ',' order by part) from (
    select row_number() over (order by attnum) || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull
    from pg_attribute
    where attrelid = to_regclass(${`${schema}.${table}`}) and attnum > 0 and not attisdropped
  ) parts(part))`;

async function remake(db: Kysely<Database>, schema: string, table: string): Promise<void> {
  await sql`drop table if exists ${sql.id(schema, table)}`.execute(db);
  await makeLike(db, schema, table);
}

/** Column order, defaults, checks, keys by the same names, and who may read. */
async function makeLike(db: Kysely<Database>, schema: string, table: string): Promise<void> {
  const live = `${LIVE_SCHEMA}.${table}`;
  await sql`create table ${sql.id(schema, table)}
    (like ${sql.id(LIVE_SCHEMA, table)} including all excluding indexes)`.execute(db);
  const { rows: keys } = await sql<{ name: string; definition: string }>`
    select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where conrelid = ${live}::regclass and contype in ('p', 'u', 'x')`.execute(db);
  for (const { name, definition } of keys) {
    await sql`alter table ${sql.id(schema, table)}
      add constraint ${sql.id(name)} ${sql.raw(definition)}`.execute(db);
  }
  await grantLike(db, schema, table);
}

async function grantLike(db: Kysely<Database>, schema: string, table: string): Promise<void> {
  const { rows: grants } = await sql<{ privilege: string; grantee: string }>`
    select privilege_type as privilege,
      case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as grantee
    from pg_class, aclexplode(relacl)
    where oid = ${`${LIVE_SCHEMA}.${table}`}::regclass and grantee <> relowner`.execute(db);
  for (const { privilege, grantee } of grants) {
    await sql`grant ${sql.raw(privilege)} on ${sql.id(schema, table)} to ${sql.raw(grantee)}`.execute(
      db,
    );
  }
}
