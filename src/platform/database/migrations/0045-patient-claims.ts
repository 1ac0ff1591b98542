import { sql, type Kysely } from 'kysely';

/** How long a claim may wait for company at the bank; a replay brings it back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The fifth version of the projection fills the queue anew; the rows of the fourth say too little.
  await sql`truncate read.verification_queue, read.account_sweep`.execute(db);
  await sql`
    alter table read.verification_queue
      add column patience_ms integer not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table read.verification_queue drop column patience_ms`.execute(db);
}
