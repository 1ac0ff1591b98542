import { sql, type Kysely } from 'kysely';

/** What finance says of a transaction from one place in the log to another; rebuilt from the log at will. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table read.transaction_state (
      transaction_id uuid not null,
      from_position bigint not null,
      until_position bigint,
      merchant_id uuid not null,
      external_id text not null,
      kind text not null,
      type text not null,
      receiving_account_id uuid not null,
      bank text not null,
      origin_bank text not null,
      reference text not null,
      status text not null,
      status_reason text,
      duplicate_of uuid,
      day date not null,
      paid_on date not null,
      bank_on date,
      verified_at timestamptz,
      late boolean,
      currency text not null,
      claimed_minor bigint not null,
      bank_minor bigint,
      difference_minor bigint,
      payer_phone_mask text,
      payer_document_mask text,
      payer_name_mask text,
      decided_by text,
      decided_at timestamptz,
      decision_reason text,
      submitted_at timestamptz not null,
      primary key (transaction_id, from_position)
    )`.execute(db);

  // An export's pages, of everybody and of one merchant; an account's day is among those of its merchant.
  await sql`create index transaction_state_pages on read.transaction_state
    (day, transaction_id)`.execute(db);
  await sql`create index transaction_state_of_merchant on read.transaction_state
    (merchant_id, day, transaction_id)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table read.transaction_state`.execute(db);
}
