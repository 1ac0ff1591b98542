import { sql, type Kysely } from 'kysely';

/** How often callers called in the present window, so that several instances count together. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Unlogged: after a crash of Postgres everybody may begin a window anew, and no request waits for a disk.
  await sql`
    create unlogged table state.request_count (
      policy text not null,
      caller text not null,
      window_start timestamptz not null,
      used integer not null,
      primary key (policy, caller, window_start)
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.request_count`.execute(db);
}
