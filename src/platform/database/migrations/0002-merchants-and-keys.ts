import { sql, type Kysely } from 'kysely';

/** Merchants, their accounts at banks and the keys of their backends. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.merchant (
      merchant_id uuid primary key,
      name text not null check (length(name) between 1 and 200),
      suspended boolean not null default false,
      tolerance_under_minor bigint not null default 0 check (tolerance_under_minor >= 0),
      tolerance_over_minor bigint not null default 0 check (tolerance_over_minor >= 0),
      match_days integer not null check (match_days between 1 and 365),
      registered_by text not null,
      registered_at timestamptz not null
    )`.execute(db);

  // One number, one owner: a movement on an account must lead to one merchant.
  await sql`
    create table state.receiving_account (
      receiving_account_id uuid primary key,
      merchant_id uuid not null references state.merchant,
      bank text not null check (bank ~ '^[0-9]{4}$'),
      account_number text not null unique check (account_number ~ '^[0-9]{20}$'),
      credential_id text not null check (length(credential_id) between 1 and 100),
      added_by text not null,
      added_at timestamptz not null,
      check (left(account_number, 4) = bank)
    )`.execute(db);
  await sql`create index on state.receiving_account (merchant_id)`.execute(db);

  // The prefix finds the row, the hash proves the key; the key itself is stored nowhere.
  await sql`
    create table state.api_key (
      api_key_id uuid primary key,
      merchant_id uuid references state.merchant,
      name text not null check (length(name) between 1 and 200),
      mode text not null check (mode in ('live', 'test')),
      prefix text not null unique check (prefix ~ '^[a-z2-7]{8}$'),
      last_four text not null check (length(last_four) = 4),
      secret_hash bytea not null check (length(secret_hash) = 32),
      permissions text[] not null check (cardinality(permissions) > 0),
      issued_by text not null,
      issued_at timestamptz not null,
      expires_at timestamptz,
      revoked_at timestamptz
    )`.execute(db);
  await sql`create index on state.api_key (merchant_id)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.api_key`.execute(db);
  await sql`drop table state.receiving_account`.execute(db);
  await sql`drop table state.merchant`.execute(db);
}
