import { sql } from 'kysely';
import type { RandomSource } from '../../kernel/ids.js';
import { Secret } from '../../platform/config/secret.js';
import type { DatabaseConnection, DatabaseTransaction } from '../../platform/database/database.js';
import type { MasterKeys } from '../../platform/personal-data/master-keys.js';
import { NONCE_BYTES } from '../../platform/personal-data/sealed-box.js';
import type { GatewayAct } from '../permits/gateway-closures.port.js';
import './bank-credential.table.js';
import { type BankSecret, BankSecrets, type StoredBankSecret } from './bank-secrets.port.js';

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
    return { version, secret: fromContent(content), storedAt: row.stored_at };
  }

  async store(
    credentialId: string,
    { secret, testedAt }: { readonly secret: BankSecret; readonly testedAt: Date },
    act: GatewayAct,
  ): Promise<number> {
    const { database, masterKeys, random } = this.parts;
    return database.kysely.transaction().execute(async (tx) => {
      const version = (await lastVersion(tx, credentialId)) + 1;
      await retire(tx, credentialId);
      const purpose = purposeOf(credentialId, version);
      const sealing = { nonce: random.bytes(NONCE_BYTES), purpose };
      const box = masterKeys.seal(contentOf(secret), sealing);
      await sql`
        insert into state.bank_credential (credential_id, version, box, tested_at, stored_at)
        values (${credentialId}, ${version}, ${box}, ${testedAt}, clock_timestamp())`.execute(tx);
      await writeAct(tx, credentialId, 'credentials_stored', act);
      return version;
    });
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

  async remove(credentialId: string, act: GatewayAct): Promise<boolean> {
    return this.parts.database.kysely.transaction().execute(async (tx) => {
      await lastVersion(tx, credentialId);
      if (!(await retire(tx, credentialId))) return false;
      await writeAct(tx, credentialId, 'credentials_removed', act);
      return true;
    });
  }
}

/** The highest version there ever was, under a lock: two people who store at once do it one after the other. */
async function lastVersion(tx: DatabaseTransaction, credentialId: string): Promise<number> {
  const lock = `bank_credential:${credentialId}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
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

async function writeAct(
  tx: DatabaseTransaction,
  credentialId: string,
  act: 'credentials_stored' | 'credentials_removed',
  { by, reason }: GatewayAct,
): Promise<void> {
  await sql`
    insert into state.gateway_act (credential_id, act, done_by, reason, done_at)
    values (${credentialId}, ${act}, ${by}, ${reason}, clock_timestamp())`.execute(tx);
}

type Content =
  | { readonly by: 'token'; readonly clientId: string; readonly clientSecret: string }
  | { readonly by: 'api_key'; readonly key: string };

function contentOf(secret: BankSecret): Buffer {
  const content: Content =
    secret.by === 'api_key'
      ? { by: 'api_key', key: secret.key.reveal() }
      : {
          by: 'token',
          clientId: secret.clientId.reveal(),
          clientSecret: secret.clientSecret.reveal(),
        };
  return Buffer.from(JSON.stringify(content), 'utf8');
}

function fromContent(bytes: Buffer): BankSecret {
  // Only what this class sealed opens, so its shape is known.
  const content = JSON.parse(bytes.toString('utf8')) as Content;
  return content.by === 'api_key'
    ? { by: 'api_key', key: new Secret(content.key) }
    : {
        by: 'token',
        clientId: new Secret(content.clientId),
        clientSecret: new Secret(content.clientSecret),
      };
}
