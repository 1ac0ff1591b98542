import { sql, type Kysely } from 'kysely';

/** Due work of the verifier, which a replay brings back, and who speaks for a credential, which none does. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table read.verification_queue (
      transaction_id uuid primary key,
      merchant_id text not null,
      credential_id text not null,
      bank text not null,
      mode text not null,
      standing text not null,
      submitted_at timestamptz not null,
      due_at timestamptz,
      asked_on date,
      ask_deadline_at timestamptz,
      proposed_at timestamptz,
      release_owed boolean not null,
      watch jsonb not null,
      position bigint not null
    )`.execute(db);

  // Most rows are settled and owe nothing: each index holds only the rows that its question is about.
  await sql`
    create index verification_queue_due on read.verification_queue
      (credential_id, mode, merchant_id, standing desc, due_at) where due_at is not null`.execute(
    db,
  );
  await sql`
    create index verification_queue_open_ask on read.verification_queue (ask_deadline_at)
      where ask_deadline_at is not null`.execute(db);
  await sql`
    create index verification_queue_proposal on read.verification_queue (proposed_at)
      where proposed_at is not null`.execute(db);
  await sql`
    create index verification_queue_release on read.verification_queue (transaction_id)
      where release_owed`.execute(db);
  await sql`
    create index verification_queue_pending on read.verification_queue (submitted_at)
      where standing = 'pending'`.execute(db);

  await sql`
    create table state.credential_speaker (
      credential_id text primary key,
      holder uuid not null,
      until_at timestamptz not null
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.credential_speaker`.execute(db);
  await sql`drop table read.verification_queue`.execute(db);
}
