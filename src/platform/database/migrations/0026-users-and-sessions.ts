import { sql, type Kysely } from 'kysely';

/** People who sign in, their sessions, and the keys that sign what they carry. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Without a role a user may do nothing but look after itself; an admin belongs to no merchant.
  await sql`
    create table state.app_user (
      user_id uuid primary key,
      email text not null unique check (email = lower(email) and length(email) between 3 and 254),
      name text not null check (length(name) between 1 and 200),
      role text check (role in ('admin', 'manager', 'cashier', 'viewer')),
      merchant_id uuid references state.merchant,
      password_hash text not null,
      must_change_password boolean not null default false,
      disabled boolean not null default false,
      totp_box bytea,
      totp_confirmed boolean not null default false,
      totp_last_step bigint not null default 0,
      version integer not null default 1 check (version > 0),
      created_by text not null,
      created_at timestamptz not null,
      check (role <> 'admin' or merchant_id is null),
      check (totp_box is not null or not totp_confirmed)
    )`.execute(db);
  await sql`
    create table state.session (
      session_id uuid primary key,
      user_id uuid not null references state.app_user on delete cascade,
      address text,
      user_agent text,
      started_at timestamptz not null,
      last_used_at timestamptz not null,
      ends_at timestamptz not null,
      ended_at timestamptz,
      ended_because text
    )`.execute(db);
  await sql`create index on state.session (user_id)`.execute(db);
  // Used ones stay as long as the session: one that comes again was stolen.
  await sql`
    create table state.refresh_token (
      token_hash bytea primary key check (length(token_hash) = 32),
      session_id uuid not null references state.session on delete cascade,
      issued_at timestamptz not null,
      used_at timestamptz
    )`.execute(db);
  await sql`create index on state.refresh_token (session_id)`.execute(db);
  // The account is a hash, so that names that were only tried stand nowhere.
  await sql`
    create table state.sign_in_failure (
      account_hash bytea not null,
      network text not null,
      failures integer not null,
      last_failed_at timestamptz not null,
      primary key (account_hash, network)
    )`.execute(db);
  await sql`
    create table state.known_network (
      user_id uuid not null references state.app_user on delete cascade,
      network text not null,
      last_seen_at timestamptz not null,
      primary key (user_id, network)
    )`.execute(db);
  await sql`
    create table state.signing_key (
      key_id text primary key,
      public_key jsonb not null,
      private_box bytea not null,
      signs_from timestamptz not null
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of [
    'signing_key',
    'known_network',
    'sign_in_failure',
    'refresh_token',
    'session',
    'app_user',
  ]) {
    await sql`drop table ${sql.table(`state.${table}`)}`.execute(db);
  }
}
