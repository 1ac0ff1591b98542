import { sql, type Kysely } from 'kysely';

/** What becomes of keys and merchants after they were made, and the acts that the audit is made of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table state.api_key
      add column revoked_by text,
      add column last_used_at timestamptz,
      add column replaced_by uuid references state.api_key`.execute(db);
  await sql`
    alter table state.merchant
      add column version integer not null default 1 check (version > 0)`.execute(db);
  // Written in the transaction of the change itself and taken away once the log has it: neither can be without the other.
  await sql`
    create table state.security_act (
      act_id bigint generated always as identity primary key,
      event_id uuid not null unique,
      stream_id uuid not null,
      data jsonb not null,
      actor text not null,
      request_id text not null,
      trace_id text
    )`.execute(db);
  await sql`
    create table read.audit_entry (
      entry_id uuid primary key,
      position bigint not null unique,
      at timestamptz not null,
      act text not null,
      actor text not null,
      subject text not null,
      merchant_id uuid,
      address text,
      request_id text not null,
      result text not null check (result in ('done', 'refused')),
      reason text,
      particulars jsonb not null,
      stream text not null,
      revision bigint not null,
      hash text not null,
      previous_hash text
    )`.execute(db);
  await sql`create index on read.audit_entry (actor, position)`.execute(db);
  await sql`create index on read.audit_entry (subject, position)`.execute(db);
  await sql`create index on read.audit_entry (act, position)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table read.audit_entry`.execute(db);
  await sql`drop table state.security_act`.execute(db);
  await sql`alter table state.merchant drop column version`.execute(db);
  await sql`
    alter table state.api_key
      drop column revoked_by, drop column last_used_at, drop column replaced_by`.execute(db);
}
