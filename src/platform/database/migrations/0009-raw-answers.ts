import { type Kysely, sql } from 'kysely';

/** What banks answered, word for word, locked under a key for each day; deleting the key of a day ends its answers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.raw_answer_key (
      key_on date primary key,
      wrapped_key bytea not null
    )`.execute(db);
  await sql`
    create table state.raw_answer (
      raw_answer_id uuid primary key,
      ask_id text not null,
      credential_id text not null,
      page integer not null,
      received_at timestamptz not null,
      key_on date not null references state.raw_answer_key (key_on) on delete cascade,
      box bytea not null
    )`.execute(db);
  await sql`create index raw_answer_by_ask on state.raw_answer (ask_id)`.execute(db);
  // Serves the end of a day's key.
  await sql`create index raw_answer_by_day on state.raw_answer (key_on)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.raw_answer, state.raw_answer_key`.execute(db);
}
