import { sql, type Kysely, type Selectable } from 'kysely';
import type {
  Database,
  DatabaseConnection,
  DatabaseTransaction,
} from '../../platform/database/database.js';
import type { CreatedCredential, CredentialParticulars } from '../created-credential.js';
import type { CreatedCredentialTable } from './created-credential.table.js';

type Row = Selectable<CreatedCredentialTable>;

/** The particulars of credentials that admins created, retired ones too: slots and claims go on naming them. */
export class CreatedCredentials {
  constructor(private readonly database: DatabaseConnection) {}

  async all(db: Kysely<Database> = this.database.kysely): Promise<readonly CreatedCredential[]> {
    const rows = await db
      .selectFrom('state.created_credential')
      .selectAll()
      .orderBy('created_at')
      .orderBy('credential_id')
      .execute();
    return rows.map(fromRow);
  }

  async find(tx: Kysely<Database>, credentialId: string): Promise<CreatedCredential | null> {
    const row = await tx
      .selectFrom('state.created_credential')
      .selectAll()
      .where('credential_id', '=', credentialId)
      .executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  }

  /** How many there are that are not retired. */
  async count(tx: DatabaseTransaction): Promise<number> {
    const { rows } = await sql<{ there: number }>`
      select count(*)::int as there from state.created_credential
      where retired_at is null`.execute(tx);
    return rows[0]?.there ?? 0;
  }

  /** Writes one down, in the place of one with its id that is not in force. */
  async put(tx: DatabaseTransaction, given: CredentialParticulars): Promise<void> {
    const { credentialId, bank, affiliate, calls, windowMs, receivingPhone } = given;
    await sql`
      insert into state.created_credential
        (credential_id, bank, affiliate, calls, window_ms, receiving_phone, created_at)
      values (${credentialId}, ${bank}, ${affiliate}, ${calls}, ${windowMs}, ${receivingPhone},
        clock_timestamp())
      on conflict (credential_id) do update set bank = excluded.bank,
        affiliate = excluded.affiliate, calls = excluded.calls, window_ms = excluded.window_ms,
        receiving_phone = excluded.receiving_phone, created_at = excluded.created_at,
        in_force_at = null, left_at = null, retired_at = null`.execute(tx);
  }

  /** Whether an account was moved away from it so lately that some instance may not have heard of it. */
  async wasLeftWithin(tx: DatabaseTransaction, credentialId: string, ms: number): Promise<boolean> {
    const { rows } = await sql`
      select from state.created_credential where credential_id = ${credentialId}
        and left_at > clock_timestamp() - ${ms} * interval '1 millisecond'`.execute(tx);
    return rows.length > 0;
  }

  async retire(tx: DatabaseTransaction, credentialId: string): Promise<void> {
    await sql`
      update state.created_credential set retired_at = clock_timestamp()
      where credential_id = ${credentialId} and retired_at is null`.execute(tx);
  }
}

/** From now on banks are asked under it. Nothing for a credential of the configuration, or once it was done. */
export async function putInForce(tx: DatabaseTransaction, credentialId: string): Promise<void> {
  await sql`
    update state.created_credential set in_force_at = clock_timestamp()
    where credential_id = ${credentialId} and in_force_at is null and retired_at is null`.execute(
    tx,
  );
}

const fromRow = (row: Row): CreatedCredential => ({
  credentialId: row.credential_id,
  bank: row.bank,
  affiliate: row.affiliate,
  calls: row.calls,
  windowMs: row.window_ms,
  receivingPhone: row.receiving_phone,
  standing: standingOf(row),
});

function standingOf({ in_force_at: inForceAt, retired_at: retiredAt }: Row) {
  if (retiredAt !== null) return 'retired';
  return inForceAt === null ? 'untested' : 'in_force';
}
