import { sql, type Kysely } from 'kysely';

/** Sweeps, and what the queue must say of a claim for a listing to cover it. Both come back with a replay. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The second version of the projection fills the queue anew; the rows of the first say too little.
  await sql`truncate read.verification_queue`.execute(db);
  await sql`
    alter table read.verification_queue
      add column receiving_account_id text not null,
      add column paid_on date not null`.execute(db);
  await sql`
    create index verification_queue_account on read.verification_queue
      (receiving_account_id, paid_on) where standing in ('pending', 'expired', 'in_review')`.execute(
    db,
  );
  await sql`
    create index verification_queue_verified on read.verification_queue
      (receiving_account_id, ((watch->'lastProposed'->>'amountMinor')::bigint))
      where standing = 'verified'`.execute(db);

  await sql`
    create table read.account_sweep (
      sweep_id uuid primary key,
      receiving_account_id text not null,
      credential_id text not null,
      from_on date not null,
      to_on date not null,
      started_at timestamptz not null,
      deadline_at timestamptz not null,
      answered_at timestamptz,
      outcome text,
      movements integer,
      position bigint not null
    )`.execute(db);
  await sql`
    create index account_sweep_open on read.account_sweep (deadline_at)
      where answered_at is null`.execute(db);
  await sql`
    create index account_sweep_account on read.account_sweep
      (receiving_account_id, answered_at)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table read.account_sweep`.execute(db);
  await sql`drop index read.verification_queue_verified`.execute(db);
  await sql`drop index read.verification_queue_account`.execute(db);
  await sql`
    alter table read.verification_queue
      drop column receiving_account_id, drop column paid_on`.execute(db);
}
