import { type Kysely, sql } from 'kysely';

/** Receiving accounts change: their version, and on which days each received the Pago Móvil of its credential. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table state.receiving_account
      add column version integer not null default 1,
      add column pago_movil_days jsonb not null default '[]'`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table state.receiving_account
      drop column version,
      drop column pago_movil_days`.execute(db);
}
