import { sql, type Kysely } from 'kysely';

/** Requests that named themselves by an Idempotency-Key, so that a repeat changes nothing, on whatever instance. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.idempotency_record (
      scope text primary key,
      fingerprint text not null,
      holder uuid not null,
      lease_until timestamptz not null,
      done_at timestamptz,
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index on state.idempotency_record (created_at)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.idempotency_record`.execute(db);
}
