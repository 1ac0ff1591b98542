import { sql, type Kysely } from 'kysely';

/** What each transaction adds to the totals of a day, and those totals; rebuilt from the log at will. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table read.daily_total_entry (
      transaction_id uuid primary key,
      merchant_id uuid not null,
      day date not null,
      currency text not null,
      status text not null,
      claimed_minor bigint not null,
      bank_minor bigint,
      paid_on date not null,
      position bigint not null
    )`.execute(db);
  // From a total to the transactions behind it.
  await sql`create index daily_total_entry_by_day on read.daily_total_entry
    (merchant_id, day, currency, status)`.execute(db);

  // Sums are numeric: two of the largest amounts that we take do not fit a JSON integer, a thousand no bigint.
  await sql`
    create table read.daily_total (
      merchant_id uuid not null,
      day date not null,
      currency text not null,
      status text not null,
      transactions bigint not null,
      claimed_minor numeric not null,
      bank_transactions bigint not null,
      bank_minor numeric not null,
      primary key (merchant_id, day, currency, status)
    )`.execute(db);
  await sql`create index daily_total_by_day on read.daily_total (day)`.execute(db);
  // Rows that count nothing are removed with the batch that emptied them.
  await sql`create index daily_total_empty on read.daily_total (merchant_id)
    where transactions = 0`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table read.daily_total`.execute(db);
  await sql`drop table read.daily_total_entry`.execute(db);
}
