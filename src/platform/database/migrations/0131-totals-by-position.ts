import { sql, type Kysely } from 'kysely';

/**
 * Every change of an entry of the totals, so that they can be added up as of any position; marks from which an instant
 * is looked for in the log; and which position an instant was taken for, which no rebuild may change.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table read.daily_total_change (
      transaction_id uuid not null,
      position bigint not null,
      times smallint not null check (times in (-1, 1)),
      merchant_id uuid not null,
      day date not null,
      currency text not null,
      status text not null,
      claimed_minor bigint not null,
      bank_minor bigint,
      primary key (transaction_id, position, times)
    )`.execute(db);
  await sql`create index daily_total_change_by_day on read.daily_total_change (day, position)`.execute(
    db,
  );
  await sql`
    create table read.log_mark (
      minute timestamptz primary key,
      recorded_at timestamptz not null,
      position bigint not null,
      prepare_position bigint not null
    )`.execute(db);
  await sql`create index log_mark_by_position on read.log_mark (position)`.execute(db);
  await sql`
    create table state.report_position (
      as_of timestamptz primary key,
      position bigint not null,
      resolved_at timestamptz not null
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.report_position`.execute(db);
  await sql`drop table read.log_mark`.execute(db);
  await sql`drop table read.daily_total_change`.execute(db);
}
