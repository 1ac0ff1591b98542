import { type Kysely, sql } from 'kysely';

/** How large a share of its permits first asks take, as the instance that speaks for a credential counts them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table state.credential_speaker
    add column first_ask_share real not null default 0`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table state.credential_speaker drop column first_ask_share`.execute(db);
}
