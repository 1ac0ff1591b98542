import { sql, type Kysely } from 'kysely';

/** Of the accounts of one credential one receives its Pago Móvil (decision 0050): the first, where there are several. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table state.receiving_account
      add column receives_pago_movil boolean not null default false`.execute(db);
  await sql`
    update state.receiving_account set receives_pago_movil = true
    where receiving_account_id in (
      select distinct on (credential_id) receiving_account_id from state.receiving_account
      order by credential_id, added_at, receiving_account_id
    )`.execute(db);
  await sql`
    create index receiving_account_pago_movil on state.receiving_account (credential_id)
      where receives_pago_movil`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table state.receiving_account drop column receives_pago_movil`.execute(db);
}
