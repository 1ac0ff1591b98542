import { sql, type Kysely } from 'kysely';

/** Mails that could not be handed over are kept, with whom they are for, until they are sent or too old. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table state.mail drop constraint mail_state_check, drop constraint mail_check,
      add constraint mail_state_check
        check (state in ('waiting', 'kept', 'refused', 'sent', 'failed')),
      add constraint mail_recipient_check
        check (state not in ('waiting', 'kept', 'refused') or recipient is not null)`.execute(db);
  await sql`drop index state.mail_due`.execute(db);
  await sql`
    create index mail_due on state.mail (due_at) where state in ('waiting', 'kept')`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index state.mail_due`.execute(db);
  await sql`
    update state.mail set state = 'failed', recipient = null, ended_at = now()
    where state in ('kept', 'refused')`.execute(db);
  await sql`create index mail_due on state.mail (due_at) where state = 'waiting'`.execute(db);
  await sql`
    alter table state.mail drop constraint mail_state_check, drop constraint mail_recipient_check,
      add constraint mail_state_check check (state in ('waiting', 'sent', 'failed')),
      add constraint mail_check check (state <> 'waiting' or recipient is not null)`.execute(db);
}
