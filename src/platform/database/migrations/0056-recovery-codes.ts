import { sql, type Kysely } from 'kysely';

/** Codes that stand in for an authenticator that is lost: hashed, and gone once used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table state.recovery_code (
      user_id uuid not null references state.app_user on delete cascade,
      code_hash bytea not null check (length(code_hash) = 32),
      primary key (user_id, code_hash)
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table state.recovery_code`.execute(db);
}
