import { sql, type Kysely } from 'kysely';

/** The two schemas, where projections stand, what they could not apply, and the data keys. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create schema if not exists read`.execute(db);
  await sql`create schema if not exists state`.execute(db);

  // No position: nothing was applied yet. Positions of the log are opaque and up to 2^63.
  await sql`
    create table read.projection_checkpoint (
      name text not null,
      version integer not null,
      position bigint,
      prepare_position bigint,
      updated_at timestamptz not null default now(),
      primary key (name, version)
    )`.execute(db);

  // The event itself stays in the log. The first of a stream failed; the others wait behind it in order.
  await sql`
    create table read.quarantined_event (
      projection text not null,
      version integer not null,
      stream_name text not null,
      revision bigint not null,
      event_id uuid not null,
      type text not null,
      position bigint not null,
      prepare_position bigint not null,
      outcome text not null check (outcome in ('failed', 'waiting')),
      reason text not null,
      quarantined_at timestamptz not null default now(),
      primary key (projection, version, stream_name, revision)
    )`.execute(db);

  // wrapped_key becomes null when a key is erased; the row stays as the proof that it was.
  await sql`
    create table state.data_key (
      key_id uuid primary key,
      wrapped_key bytea,
      created_at timestamptz not null default now(),
      erased_at timestamptz,
      check ((wrapped_key is null) = (erased_at is not null))
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.data_key`.execute(db);
  await sql`drop table read.quarantined_event`.execute(db);
  await sql`drop table read.projection_checkpoint`.execute(db);
  // Schema state stays: the migrator keeps its own table there.
  await sql`drop schema read`.execute(db);
}
