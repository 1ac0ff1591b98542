import { sql, type Kysely } from 'kysely';

/** Which acts at the gateway the audit has been told of; those of before are told too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table state.gateway_act add column told boolean not null default false`.execute(
    db,
  );
  await sql`create index gateway_act_untold on state.gateway_act (act_id) where not told`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table state.gateway_act drop column told`.execute(db);
}
