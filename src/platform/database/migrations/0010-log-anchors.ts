import { type Kysely, sql } from 'kysely';

/** Signed statements of how far the log went and what stood in it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.log_anchor (
      position bigint primary key,
      prepare_position bigint not null,
      events bigint not null,
      digest text not null,
      signed_at timestamptz not null,
      signature text not null
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.log_anchor`.execute(db);
}
