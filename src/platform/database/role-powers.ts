import { Client } from 'pg';

const ANSWERS_WITHIN_MS = 5_000;

/** What a role may do beyond its own tables, as `pg_roles` names it. */
export type RolePower = 'rolsuper' | 'rolcreaterole' | 'rolreplication' | 'rolbypassrls';

/** The powers of the role that an address signs in as; null when the database does not answer. */
export async function powersOfRole(url: string): Promise<readonly RolePower[] | null> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: ANSWERS_WITHIN_MS,
    query_timeout: ANSWERS_WITHIN_MS,
  });
  try {
    await client.connect();
    const { rows } = await client.query<Record<RolePower, boolean>>(
      'select rolsuper, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = current_user',
    );
    return Object.entries(rows[0] ?? {})
      .filter(([, held]) => held)
      .map(([power]) => power as RolePower);
  } catch (error) {
    // What the driver says may hold the address; a caller that gets null can only say that nobody answered.
    if (error instanceof TypeError) throw error;
    return null;
  } finally {
    await client.end().catch(() => undefined);
  }
}
