import { type Kysely, sql } from 'kysely';

/**
 * On which server permits were last written, since after a failover or a restore some may be missing; and who closed
 * and reopened the way to a bank.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.permit_ground (
      credential_id text primary key,
      identity text not null
    )`.execute(db);
  await sql`
    create table state.gateway_act (
      act_id bigint generated always as identity primary key,
      credential_id text not null,
      act text not null check (act in ('closed', 'reopened')),
      done_by text not null,
      reason text not null,
      done_at timestamptz not null
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.gateway_act, state.permit_ground`.execute(db);
}
