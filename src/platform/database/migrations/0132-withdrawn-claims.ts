import { sql, type Kysely } from 'kysely';

/** Finds the withdrawn claims that an unclaimed credit may be the payment of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index transaction_view_cancelled on read.transaction_view (amount_minor, paid_on)
    where status = 'cancelled'`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index read.transaction_view_cancelled`.execute(db);
}
