import { sql, type Kysely } from 'kysely';

/** Every close of an account's day, for the list; rebuilt from the log at will. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table read.day_close (
      receiving_account_id uuid not null,
      day date not null,
      version integer not null,
      merchant_id uuid not null,
      position bigint not null,
      close jsonb not null,
      primary key (receiving_account_id, day, version)
    )`.execute(db);
  await sql`create index day_close_pages on read.day_close (position desc)`.execute(db);
  await sql`create index day_close_of_merchant on read.day_close
    (merchant_id, position desc)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table read.day_close`.execute(db);
}
