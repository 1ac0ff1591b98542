import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Database } from '../../database/database.js';
import type { ComparedSums, Projection } from '../projection.js';
import { bare } from './beside-tables.js';
import { LIVE_SCHEMA } from './schema-redirect.js';

/** A row that is not the same on both sides; null where it is missing. */
export interface DifferingRow {
  /** The columns of its primary key. */
  readonly key: Readonly<Record<string, unknown>>;
  readonly live: Readonly<Record<string, unknown>> | null;
  readonly other: Readonly<Record<string, unknown>> | null;
}

/** One group of amounts, added up on both sides. */
export interface ComparedGroup {
  readonly group: Readonly<Record<string, unknown>>;
  readonly live: Readonly<Record<string, string | null>>;
  readonly other: Readonly<Record<string, string | null>>;
  readonly same: boolean;
}

/** How one table differs from its twin in another schema. */
export interface TableDiff {
  readonly table: string;
  readonly liveRows: number;
  readonly otherRows: number;
  readonly differing: number;
  readonly first: readonly DifferingRow[];
  readonly groups: readonly ComparedGroup[];
}

const FIRST_ROWS = 5;

/** Compares every row of a projection's tables with those of another schema, as one snapshot shows them. */
export async function diffTables(
  db: Kysely<Database>,
  projections: readonly Projection[],
  schema: string,
): Promise<readonly TableDiff[]> {
  const diffs: TableDiff[] = [];
  for (const { tables, sums } of projections) {
    for (const table of tables) {
      const compared = sums.filter((sum) => sum.table === table);
      diffs.push(await diffTable(db, bare(table), schema, compared));
    }
  }
  return diffs;
}

async function diffTable(
  db: Kysely<Database>,
  table: string,
  schema: string,
  sums: readonly ComparedSums[],
): Promise<TableDiff> {
  const live = sql.id(LIVE_SCHEMA, table);
  const other = sql.id(schema, table);
  const key = await keyOf(db, table);
  const joined = sql`${live} as live full join ${other} as other using (${sql.join(
    key.map((column) => sql.id(column)),
  )}) where live is distinct from other`;
  const counts = await sql<{ live: bigint; other: bigint; differing: bigint }>`
    select (select count(*) from ${live}) as live, (select count(*) from ${other}) as other,
      (select count(*) from ${joined}) as differing`.execute(db);
  const [counted] = counts.rows;
  const differing = Number(counted?.differing ?? 0n);
  return {
    table,
    liveRows: Number(counted?.live ?? 0n),
    otherRows: Number(counted?.other ?? 0n),
    differing,
    first: differing === 0 ? [] : await firstRows(db, joined, key),
    groups: (await Promise.all(sums.map((each) => groupsOf(db, each, live, other)))).flat(),
  };
}

async function firstRows(
  db: Kysely<Database>,
  joined: RawBuilder<unknown>,
  key: readonly string[],
): Promise<readonly DifferingRow[]> {
  const { rows } = await sql<DifferingRow>`
    select jsonb_build_object(${pairs(key, (column) => sql.id(column))}) as key,
      to_jsonb(live) as live, to_jsonb(other) as other from ${joined}
    order by ${sql.join(key.map((column) => sql.id(column)))} limit ${FIRST_ROWS}`.execute(db);
  return rows;
}

async function groupsOf(
  db: Kysely<Database>,
  { by, of }: ComparedSums,
  live: RawBuilder<unknown>,
  other: RawBuilder<unknown>,
): Promise<readonly ComparedGroup[]> {
  const group = sql`jsonb_build_object(${pairs(by, (column) => sql.id(column))})`;
  const sums = sql`jsonb_build_object(${pairs(of, (column) => sql`sum(${sql.id(column)})::text`)})`;
  const grouped = (from: RawBuilder<unknown>) =>
    sql`select ${group} as "group", ${sums} as sums from ${from} group by 1`;
  const { rows } = await sql<ComparedGroup>`
    select "group", coalesce(live.sums, '{}') as live, coalesce(other.sums, '{}') as other,
      live.sums is not distinct from other.sums as same
    from (${grouped(live)}) live full join (${grouped(other)}) other using ("group")
    order by "group"`.execute(db);
  return rows;
}

const pairs = (columns: readonly string[], value: (column: string) => RawBuilder<unknown>) =>
  sql.join(columns.flatMap((column) => [sql.lit(column), value(column)]));

/** The columns of the primary key: what makes two rows the same row. */
async function keyOf(db: Kysely<Database>, table: string): Promise<readonly string[]> {
  const { rows } = await sql<{ column: string }>`
    select attname as column from pg_index join pg_attribute
      on attrelid = indrelid and attnum = any(indkey)
    where indrelid = ${`${LIVE_SCHEMA}.${table}`}::regclass and indisprimary
    order by array_position(indkey::int2[], attnum)`.execute(db);
  return rows.map(({ column }) => column);
}
