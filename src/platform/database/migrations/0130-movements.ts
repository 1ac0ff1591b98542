import { sql, type Kysely } from 'kysely';

/** What the bank shows on the receiving accounts, and which of their days were listed; rebuilt from the log at will. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table read.movement_slot (
      slot text primary key,
      sightings jsonb not null,
      holders jsonb not null,
      position bigint not null
    )`.execute(db);
  await sql`
    create table read.movement (
      movement_id uuid primary key,
      slot text not null,
      bank text not null,
      account text,
      direction text not null,
      amount_minor bigint not null,
      currency text not null,
      bank_on date not null,
      bank_time text,
      reference text not null,
      payer_phone_mask text,
      asked_for text not null,
      observed_at timestamptz not null,
      observed_position bigint not null,
      holder_transaction_id uuid,
      holder_merchant_id uuid,
      bound_at timestamptz,
      larger_twin_minor bigint,
      told_in_rows integer not null,
      position bigint not null
    )`.execute(db);
  // A slot's movements are written anew with each of its events.
  await sql`create index movement_slot_rows on read.movement (slot)`.execute(db);
  await sql`create index movement_order on read.movement
    (observed_position desc, movement_id desc)`.execute(db);
  await sql`create index movement_account_day on read.movement (account, bank_on)`.execute(db);
  await sql`create index movement_day on read.movement (bank_on)`.execute(db);
  await sql`create index movement_unclaimed on read.movement (observed_position desc, movement_id desc)
    where holder_transaction_id is null and direction = 'credit'`.execute(db);

  await sql`
    create table read.account_coverage (
      receiving_account_id text not null,
      day date not null,
      swept_position bigint not null,
      last_swept_at timestamptz not null,
      complete_position bigint,
      last_complete_at timestamptz,
      primary key (receiving_account_id, day)
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table read.account_coverage`.execute(db);
  await sql`drop table read.movement`.execute(db);
  await sql`drop table read.movement_slot`.execute(db);
}
