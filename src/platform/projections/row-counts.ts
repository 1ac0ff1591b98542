import { sql, type Kysely } from 'kysely';
import type { Database } from '../database/database.js';

/** True when none of the tables has a row. */
export async function areEmpty(db: Kysely<Database>, tables: readonly string[]): Promise<boolean> {
  for (const table of tables) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(db);
    if (rows.length > 0) return false;
  }
  return true;
}
