import { sql, type Kysely } from 'kysely';

/** Where merchants want to hear of their transactions, what each is to be told, and what came of telling it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await endpoints(db);
  await messages(db);
  await deliveries(db);
}

async function endpoints(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.webhook_endpoint (
      endpoint_id uuid primary key,
      merchant_id uuid not null references state.merchant,
      mode text not null check (mode in ('live', 'test')),
      url text not null,
      description text,
      event_types text[],
      state text not null check (state in ('enabled', 'paused', 'disabled')),
      disabled_because text check (disabled_because in ('gone', 'failing')),
      version integer not null default 1 check (version > 0),
      failing_since timestamptz,
      held_until timestamptz,
      created_by text not null,
      created_at timestamptz not null,
      check ((state = 'disabled') = (disabled_because is not null))
    )`.execute(db);
  await sql`create index on state.webhook_endpoint (merchant_id, endpoint_id)`.execute(db);
  await sql`
    create table state.webhook_secret (
      secret_id uuid primary key,
      endpoint_id uuid not null references state.webhook_endpoint on delete cascade,
      scheme text not null check (scheme in ('v1', 'v1a')),
      box bytea not null,
      public_key text,
      created_at timestamptz not null,
      expires_at timestamptz,
      check ((scheme = 'v1a') = (public_key is not null))
    )`.execute(db);
  await sql`create index on state.webhook_secret (endpoint_id)`.execute(db);
}

async function messages(db: Kysely<unknown>): Promise<void> {
  // What was told of a transaction so far, and by which event: nothing is told twice, whatever is replayed.
  await sql`
    create table state.webhook_telling (
      transaction_id uuid primary key,
      telling jsonb not null,
      position bigint not null
    )`.execute(db);
  await sql`
    create table state.webhook_message (
      message_id text primary key,
      type text not null,
      body text not null,
      told_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index on state.webhook_message (told_at)`.execute(db);
}

async function deliveries(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.webhook_delivery (
      delivery_id uuid primary key,
      number bigint generated always as identity unique,
      endpoint_id uuid not null references state.webhook_endpoint on delete cascade,
      message_id text not null references state.webhook_message,
      merchant_id uuid not null,
      mode text not null check (mode in ('live', 'test')),
      type text not null,
      transaction_id uuid,
      sequence integer,
      status text not null default 'pending' check (status in ('pending', 'delivered', 'given_up')),
      attempts integer not null default 0,
      tries integer not null default 0,
      due_at timestamptz not null default now(),
      leased_until timestamptz,
      lease uuid,
      created_at timestamptz not null default now(),
      ended_at timestamptz,
      check ((transaction_id is null) = (sequence is null))
    )`.execute(db);
  await sql`
    create index webhook_delivery_due on state.webhook_delivery (endpoint_id, due_at)
      where status = 'pending'`.execute(db);
  await sql`
    create index webhook_delivery_earlier on state.webhook_delivery (endpoint_id, transaction_id, sequence)
      where status = 'pending'`.execute(db);
  await sql`create index on state.webhook_delivery (endpoint_id, number)`.execute(db);
  await sql`create index on state.webhook_delivery (merchant_id, number)`.execute(db);
  await sql`create index on state.webhook_delivery (transaction_id, number)`.execute(db);
  await sql`create index on state.webhook_delivery (created_at)`.execute(db);
  await sql`create index on state.webhook_delivery (message_id)`.execute(db);
  await sql`
    create table state.webhook_attempt (
      delivery_id uuid not null references state.webhook_delivery on delete cascade,
      number integer not null,
      began_at timestamptz not null,
      duration_ms integer not null,
      outcome text not null,
      status integer,
      error text,
      primary key (delivery_id, number)
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['attempt', 'delivery', 'message', 'telling', 'secret', 'endpoint']) {
    await sql`drop table ${sql.table(`state.webhook_${table}`)}`.execute(db);
  }
}
