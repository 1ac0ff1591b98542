import { type Kysely, sql } from 'kysely';

/** A password that somebody else made is good for a while. Those that were handed out before stay good until used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table state.app_user add column password_ends_at timestamptz`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table state.app_user drop column password_ends_at`.execute(db);
}
