import { sql, type Kysely } from 'kysely';

/** The list of transactions, rebuilt from the log at will. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table read.transaction_view (
      transaction_id uuid primary key,
      merchant_id uuid not null,
      mode text not null,
      status text not null,
      status_reason text,
      duplicate_of uuid,
      external_id text not null,
      kind text not null,
      type text not null,
      receiving_account_id uuid not null,
      bank text not null,
      origin_bank text not null,
      reference text not null,
      reference_canonical text not null,
      amount_minor bigint not null,
      currency text not null,
      paid_on date not null,
      payer_phone_mask text,
      payer_document_mask text,
      payer_name_mask text,
      payer_phone_index text,
      payer_document_index text,
      bank_on date,
      bank_amount_minor bigint,
      amount_difference_minor bigint,
      late boolean,
      verified_at timestamptz,
      evidence jsonb not null,
      match_until timestamptz not null,
      submitted_at timestamptz not null,
      updated_at timestamptz not null,
      version bigint not null,
      submitted_position bigint not null,
      position bigint not null
    )`.execute(db);

  // A merchant's pages, newest first, whole or by status; staff pages over everybody's.
  await sql`create index transaction_view_pages on read.transaction_view
    (merchant_id, submitted_position desc, transaction_id desc)`.execute(db);
  await sql`create index transaction_view_by_status on read.transaction_view
    (merchant_id, status, submitted_position desc, transaction_id desc)`.execute(db);
  await sql`create index transaction_view_of_all on read.transaction_view
    (submitted_position desc, transaction_id desc)`.execute(db);
  // What people look for by name; each finds a handful of rows.
  await sql`create index transaction_view_by_external_id on read.transaction_view
    (merchant_id, external_id)`.execute(db);
  await sql`create index transaction_view_by_reference on read.transaction_view
    (merchant_id, reference_canonical)`.execute(db);
  await sql`create index transaction_view_by_phone on read.transaction_view
    (merchant_id, payer_phone_index) where payer_phone_index is not null`.execute(db);
  await sql`create index transaction_view_by_day on read.transaction_view
    (merchant_id, paid_on)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table read.transaction_view`.execute(db);
}
