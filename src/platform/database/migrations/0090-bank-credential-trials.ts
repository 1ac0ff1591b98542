import { type Kysely, sql } from 'kysely';

/** Secrets of banks that wait to be tried, locked under the master key until the bank has spoken; one at a time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.bank_credential_trial (
      trial_id uuid primary key,
      credential_id text not null,
      seen_version integer not null,
      box bytea,
      acting jsonb not null,
      reason text not null,
      begun_at timestamptz not null,
      lease_until timestamptz not null,
      outcome text check (outcome in ('accepted', 'refused', 'unknown', 'overtaken')),
      ended_at timestamptz,
      check ((box is null) = (outcome is not null)),
      check ((ended_at is null) = (outcome is null))
    )`.execute(db);
  await sql`
    create unique index bank_credential_trial_waiting on state.bank_credential_trial (credential_id)
      where outcome is null`.execute(db);
  await sql`
    create index bank_credential_trial_latest on state.bank_credential_trial
      (credential_id, begun_at desc)`.execute(db);
  // The version of a credential is its latest act, which is looked up at each reading.
  await sql`
    create index gateway_act_of_credential on state.gateway_act (credential_id, act_id desc)`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index state.gateway_act_of_credential`.execute(db);
  await sql`drop table state.bank_credential_trial`.execute(db);
}
