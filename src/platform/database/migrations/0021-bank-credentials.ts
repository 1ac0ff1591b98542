import { sql, type Kysely } from 'kysely';

/** Secrets of banks, locked under the master key; and who stored or removed them, beside who closed and reopened. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.bank_credential (
      credential_id text not null,
      version integer not null,
      box bytea,
      tested_at timestamptz not null,
      stored_at timestamptz not null,
      retired_at timestamptz,
      primary key (credential_id, version),
      check ((box is null) = (retired_at is not null))
    )`.execute(db);
  await sql`
    create unique index bank_credential_in_force on state.bank_credential (credential_id)
      where retired_at is null`.execute(db);
  await sql`alter table state.gateway_act drop constraint gateway_act_act_check`.execute(db);
  await sql`
    alter table state.gateway_act add constraint gateway_act_act_check
      check (act in ('closed', 'reopened', 'credentials_stored', 'credentials_removed'))`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    delete from state.gateway_act where act in ('credentials_stored', 'credentials_removed')`.execute(
    db,
  );
  await sql`alter table state.gateway_act drop constraint gateway_act_act_check`.execute(db);
  await sql`
    alter table state.gateway_act add constraint gateway_act_act_check
      check (act in ('closed', 'reopened'))`.execute(db);
  await sql`drop table state.bank_credential`.execute(db);
}
