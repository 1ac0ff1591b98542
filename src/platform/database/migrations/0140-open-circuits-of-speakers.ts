import { type Kysely, sql } from 'kysely';

/** Until when the instance that speaks for a credential leaves a bank alone that it cannot reach. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table state.credential_speaker
    add column circuit_open_until timestamptz not null default 'epoch'`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table state.credential_speaker drop column circuit_open_until`.execute(db);
}
