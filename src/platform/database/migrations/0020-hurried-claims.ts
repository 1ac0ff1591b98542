import { sql, type Kysely } from 'kysely';

/** Claims that their merchant wants asked about now, and how long verdicts took: both come back with a replay. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The third version of the projection fills the queue anew; the rows of the second say too little.
  await sql`truncate read.verification_queue, read.account_sweep`.execute(db);
  await sql`
    alter table read.verification_queue
      add column requested_at timestamptz,
      add column verified_at timestamptz`.execute(db);
  await sql`drop index read.verification_queue_due`.execute(db);
  await sql`
    create index verification_queue_due on read.verification_queue
      (credential_id, mode, merchant_id, (requested_at is null), standing desc, due_at)
      where due_at is not null`.execute(db);
  await sql`
    create index verification_queue_verdicts on read.verification_queue
      (credential_id, verified_at desc) where verified_at is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index read.verification_queue_verdicts`.execute(db);
  await sql`drop index read.verification_queue_due`.execute(db);
  await sql`
    create index verification_queue_due on read.verification_queue
      (credential_id, mode, merchant_id, standing desc, due_at) where due_at is not null`.execute(
    db,
  );
  await sql`
    alter table read.verification_queue drop column requested_at, drop column verified_at`.execute(
    db,
  );
}
