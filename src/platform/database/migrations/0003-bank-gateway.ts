import { type Kysely, sql } from 'kysely';

/** Permits and what else must outlive a restart for the contract with a bank to hold. Schema `state`: truth of its own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.permit (
      permit_id uuid primary key,
      credential_id text not null,
      operation text not null check (operation in ('look_up', 'sweep', 'token')),
      transaction_id text,
      taken_at timestamptz not null,
      deadline_at timestamptz not null check (deadline_at >= taken_at),
      resolved_at timestamptz
    )`.execute(db);
  // Serves counting (what may still count) and pruning (what is old) alike.
  await sql`create index permit_by_deadline on state.permit (credential_id, deadline_at)`.execute(
    db,
  );
  await sql`
    create table state.cool_down (
      credential_id text primary key,
      until_at timestamptz not null,
      reason text not null
    )`.execute(db);
  await sql`
    create table state.gateway_closure (
      credential_id text primary key,
      closed_at timestamptz not null,
      reason text not null
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.gateway_closure, state.cool_down, state.permit`.execute(db);
}
