import { sql, type Kysely } from 'kysely';

/** Counts how often the rows of a read model were switched, so that whoever follows the log notices at once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table read.projection_checkpoint
    add column generation integer not null default 1`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table read.projection_checkpoint drop column generation`.execute(db);
}
