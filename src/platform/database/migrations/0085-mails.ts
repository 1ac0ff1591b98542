import { sql, type Kysely } from 'kysely';

/** Mails on their way, and what merchants were told of already. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table state.merchant add column contact_email text
      check (length(contact_email) between 3 and 254)`.execute(db);
  await sql`
    create table state.mail (
      mail_id uuid primary key,
      kind text not null,
      -- Only until it is over.
      recipient text,
      facts jsonb not null,
      queued_at timestamptz not null,
      due_at timestamptz not null,
      attempts integer not null default 0,
      state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
      failed_with text,
      ended_at timestamptz,
      check (state <> 'waiting' or recipient is not null)
    )`.execute(db);
  await sql`create index mail_due on state.mail (due_at) where state = 'waiting'`.execute(db);
  await sql`create index mail_ended on state.mail (ended_at) where state <> 'waiting'`.execute(db);
  await sql`
    create table state.claims_digest (
      merchant_id uuid primary key references state.merchant on delete cascade,
      -- What lies up to here in the log was told, or came before anybody wanted to hear it.
      position bigint not null
    )`.execute(db);
  await sql`
    create table state.claim_told (
      transaction_id uuid not null,
      status text not null,
      told_at timestamptz not null,
      primary key (transaction_id, status)
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.claim_told, state.claims_digest, state.mail`.execute(db);
  await sql`alter table state.merchant drop column contact_email`.execute(db);
}
