import { type Kysely, sql } from 'kysely';
import type { RandomSource } from '../../kernel/ids.js';
import type {
  Database,
  DatabaseConnection,
  DatabaseTransaction,
} from '../../platform/database/database.js';
import type { MasterKeys } from '../../platform/personal-data/master-keys.js';
import { NONCE_BYTES } from '../../platform/personal-data/sealed-box.js';
import type { GatewayAct } from '../permits/gateway-closures.port.js';
import './bank-credential.table.js';
import { contentOf, secretFrom } from './bank-secret.content.js';
import { putInForce } from './created-credentials.store.js';
import { holdCredential } from './registered-credential-names.store.js';
import { BankSecrets, type StoredBankSecret, type TestedSecret } from './bank-secrets.port.js';

export interface BankSecretsParts {
  readonly database: DatabaseConnection;
  readonly masterKeys: MasterKeys;
  readonly random: RandomSource;
}

// A box moved to another row does not open there.
const purposeOf = (credentialId: string, version: number): string =>
  `bank-credential ${credentialId} ${version}`;

/** Secrets in Postgres, each version locked under the master key (AES-256-GCM). */
export class PostgresBankSecrets extends BankSecrets {
  constructor(private readonly parts: BankSecretsParts) {
    super();
  }

  async inForce(credentialId: string): Promise<StoredBankSecret | null> {
    const row = await this.parts.database.kysely
      .selectFrom('state.bank_credential')
      .select(['version', 'box', 'stored_at'])
      .where('credential_id', '=', credentialId)
      .where('retired_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined || row.box === null) return null;
    const { version } = row;
    const content = this.parts.masterKeys.open(row.box, purposeOf(credentialId, version));
    return { version, secret: secretFrom(content), storedAt: row.stored_at };
  }

  async version(credentialId: string): Promise<number> {
    return versionInForce(this.parts.database.kysely, credentialId);
  }

  store(credentialId: string, tested: TestedSecret, act: GatewayAct): Promise<number> {
    return this.parts.database.kysely.transaction().execute(async (tx) => {
      const last = await lastVersion(tx, credentialId);
      return this.write(tx, { credentialId, version: last + 1 }, tested, act);
    });
  }

  async storeOver(
    tx: DatabaseTransaction,
    { credentialId, over }: { readonly credentialId: string; readonly over: number },
    tested: TestedSecret,
    act: GatewayAct,
  ): Promise<number | null> {
    const last = await lastVersion(tx, credentialId);
    if ((await versionInForce(tx, credentialId)) !== over) return null;
    return this.write(tx, { credentialId, version: last + 1 }, tested, act);
  }

  private async write(
    tx: DatabaseTransaction,
    { credentialId, version }: { readonly credentialId: string; readonly version: number },
    { secret, testedAt }: TestedSecret,
    act: GatewayAct,
  ): Promise<number> {
    const { masterKeys, random } = this.parts;
    await retire(tx, credentialId);
    const purpose = purposeOf(credentialId, version);
    const box = masterKeys.seal(contentOf(secret), { nonce: random.bytes(NONCE_BYTES), purpose });
    await sql`
      insert into state.bank_credential (credential_id, version, box, tested_at, stored_at)
      values (${credentialId}, ${version}, ${box}, ${testedAt}, clock_timestamp())`.execute(tx);
    await putInForce(tx, credentialId);
    await writeAct(tx, credentialId, 'credentials_stored', act);
    return version;
  }

  /** Locks those in force with the current master key; gives how many were locked with the one before. */
  async rewrap(): Promise<number> {
    const { database, masterKeys, random } = this.parts;
    const rows = await database.kysely
      .selectFrom('state.bank_credential')
      .select(['credential_id', 'version', 'box'])
      .where('retired_at', 'is', null)
      .execute();
    let rewrapped = 0;
    for (const { credential_id: credentialId, version, box } of rows) {
      const purpose = purposeOf(credentialId, version);
      const sealing = { nonce: random.bytes(NONCE_BYTES), purpose };
      const resealed = box === null ? null : masterKeys.reseal(box, sealing);
      if (resealed === null) continue;
      await database.kysely
        .updateTable('state.bank_credential')
        .set({ box: resealed })
        .where('credential_id', '=', credentialId)
        .where('version', '=', version)
        .where('retired_at', 'is', null)
        .execute();
      rewrapped += 1;
    }
    return rewrapped;
  }

  async remove(credentialId: string, act: GatewayAct, tx?: DatabaseTransaction): Promise<boolean> {
    if (tx === undefined) {
      const { kysely } = this.parts.database;
      return kysely.transaction().execute((own) => this.remove(credentialId, act, own));
    }
    await lastVersion(tx, credentialId);
    if (!(await retire(tx, credentialId))) return false;
    await writeAct(tx, credentialId, 'credentials_removed', act);
    return true;
  }
}

async function versionInForce(db: Kysely<Database>, credentialId: string): Promise<number> {
  const row = await db
    .selectFrom('state.bank_credential')
    .select('version')
    .where('credential_id', '=', credentialId)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  return row?.version ?? 0;
}

/** The highest version there ever was, under a lock: two people who store at once do it one after the other. */
async function lastVersion(tx: DatabaseTransaction, credentialId: string): Promise<number> {
  await holdCredential(tx, credentialId);
  const { version } = await tx
    .selectFrom('state.bank_credential')
    .select(({ fn }) => fn.max('version').as('version'))
    .where('credential_id', '=', credentialId)
    .executeTakeFirstOrThrow();
  return version ?? 0;
}

async function retire(tx: DatabaseTransaction, credentialId: string): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update state.bank_credential set box = null, retired_at = clock_timestamp()
    where credential_id = ${credentialId} and retired_at is null`.execute(tx);
  return numAffectedRows > 0n;
}

/** One act of the credential's own history; its number is the credential's version. */
export async function writeAct(
  tx: DatabaseTransaction,
  credentialId: string,
  act: 'credentials_stored' | 'credentials_removed' | 'credential_created' | 'credential_retired',
  { by, reason, told = false }: GatewayAct,
): Promise<void> {
  await sql`
    insert into state.gateway_act (credential_id, act, done_by, reason, done_at, told)
    values (${credentialId}, ${act}, ${by}, ${reason}, clock_timestamp(), ${told})`.execute(tx);
}
