import { type Kysely, sql } from 'kysely';

/** The latest run of each scheduled job. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.job_run (
      job text primary key,
      started_at timestamptz not null,
      succeeded_at timestamptz,
      duration_ms integer,
      failures bigint not null,
      failed_with text,
      outcome text
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.job_run`.execute(db);
}
