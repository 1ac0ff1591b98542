import { type Kysely, sql } from 'kysely';

/** On which server permits were last written: after a failover or a restore some of them may be missing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.permit_ground (
      credential_id text primary key,
      identity text not null
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.permit_ground`.execute(db);
}
