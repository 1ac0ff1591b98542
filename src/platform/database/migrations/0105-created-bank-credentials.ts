import { type Kysely, sql } from 'kysely';

/** Credentials of banks that admins create: their particulars here, their secrets where those of all credentials are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.created_credential (
      credential_id text primary key,
      bank text not null,
      affiliate text not null,
      calls integer check (calls > 0),
      window_ms integer check (window_ms > 0),
      receiving_phone text,
      created_at timestamptz not null,
      in_force_at timestamptz,
      left_at timestamptz,
      retired_at timestamptz
    )`.execute(db);
  await allowActs(db, [...ACTS, 'credential_created', 'credential_retired']);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    delete from state.gateway_act where act in ('credential_created', 'credential_retired')`.execute(
    db,
  );
  await allowActs(db, ACTS);
  await sql`drop table state.created_credential`.execute(db);
}

const ACTS = ['closed', 'reopened', 'credentials_stored', 'credentials_removed'];

async function allowActs(db: Kysely<unknown>, acts: readonly string[]): Promise<void> {
  await sql`alter table state.gateway_act drop constraint gateway_act_act_check`.execute(db);
  await sql`
    alter table state.gateway_act add constraint gateway_act_act_check
      check (act in (${sql.join(acts.map((act) => sql.lit(act)))}))`.execute(db);
}
