import { Injectable } from '@nestjs/common';
import { sql, type Kysely } from 'kysely';
import { RandomSource } from '../../kernel/ids.js';
import { PersonalDataConfig } from '../../platform/config/config.schema.js';
import {
  DatabaseConnection,
  type Database,
  type DatabaseTransaction,
} from '../../platform/database/database.js';
import { MasterKeys } from '../../platform/personal-data/master-keys.js';
import { NONCE_BYTES } from '../../platform/personal-data/sealed-box.js';
import { newKeyPair, secretText, SECRET_BYTES, type SigningSecret } from '../webhook-signature.js';
import './webhook-endpoint.table.js';

// A box moved to another row does not open there.
const purposeOf = (secretId: string): string => `webhook-secret ${secretId}`;

/** What an endpoint's receiver may know of its secrets at any time. */
export interface ShownSecrets {
  /** The keys that `v1a` is checked with; two while one is exchanged. */
  readonly publicKeys: readonly string[];
  /** Until when the secret before this one signs too; null when there is none. */
  readonly previousUntil: Date | null;
}

/** What messages are signed with, each locked under the master key. */
@Injectable()
export class EndpointSecrets {
  private readonly masterKeys: MasterKeys;

  constructor(
    private readonly db: DatabaseConnection,
    private readonly random: RandomSource,
    config: PersonalDataConfig,
  ) {
    this.masterKeys = MasterKeys.from(config);
  }

  /** Makes a secret, and a key pair beside it if asked for. The text is what is shown, once. */
  async make(
    tx: DatabaseTransaction,
    { endpointId, secretId, keyPair }: { endpointId: string; secretId: string; keyPair: boolean },
  ): Promise<string> {
    const bytes = this.random.bytes(SECRET_BYTES);
    await this.add(tx, { secretId, endpointId, scheme: 'v1', bytes, publicKey: null });
    if (keyPair) {
      const pair = newKeyPair();
      await this.add(tx, {
        secretId: this.random.uuid(),
        endpointId,
        scheme: 'v1a',
        bytes: pair.bytes,
        publicKey: pair.publicText,
      });
    }
    return secretText(bytes);
  }

  /** Lets those in force go on for the overlap and no longer; what was ending already ends now. */
  async retire(
    tx: DatabaseTransaction,
    endpointId: string,
    overlapSeconds: number,
  ): Promise<{ readonly hasKeyPair: boolean }> {
    await sql`
      delete from state.webhook_secret
      where endpoint_id = ${endpointId} and expires_at is not null`.execute(tx);
    const { rows } = await sql<{ scheme: string }>`
      update state.webhook_secret
      set expires_at = clock_timestamp() + make_interval(secs => ${overlapSeconds})
      where endpoint_id = ${endpointId} returning scheme`.execute(tx);
    return { hasKeyPair: rows.some(({ scheme }) => scheme === 'v1a') };
  }

  async isKnown(tx: DatabaseTransaction, secretId: string): Promise<boolean> {
    const row = await tx
      .selectFrom('state.webhook_secret')
      .select('secret_id')
      .where('secret_id', '=', secretId)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Those that sign now, the newest of each scheme first, by endpoint. */
  async inForce(
    endpointIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly SigningSecret[]>> {
    const rows = await this.rowsOf(endpointIds);
    const byEndpoint = new Map<string, SigningSecret[]>();
    for (const { endpoint_id: endpointId, secret_id: secretId, scheme, box } of rows) {
      const bytes = this.masterKeys.open(box, purposeOf(secretId));
      secretsOf(byEndpoint, endpointId).push({ scheme, bytes });
    }
    return byEndpoint;
  }

  async shown(endpointIds: readonly string[]): Promise<ReadonlyMap<string, ShownSecrets>> {
    const rows = await this.rowsOf(endpointIds);
    return new Map(
      endpointIds.map((endpointId) => {
        const own = rows.filter((row) => row.endpoint_id === endpointId);
        const publicKeys = own.flatMap((row) => row.public_key ?? []);
        const ending = own.find(({ scheme, expires_at: ends }) => scheme === 'v1' && ends !== null);
        return [endpointId, { publicKeys, previousUntil: ending?.expires_at ?? null }];
      }),
    );
  }

  private rowsOf(endpointIds: readonly string[]) {
    return this.db.kysely
      .selectFrom('state.webhook_secret')
      .selectAll()
      .where('endpoint_id', '=', sql<string>`any(${[...new Set(endpointIds)]}::uuid[])`)
      .where(sql<boolean>`(expires_at is null or expires_at > clock_timestamp())`)
      .orderBy('scheme')
      .orderBy('created_at', 'desc')
      .execute();
  }

  private async add(
    tx: DatabaseTransaction,
    secret: SigningSecret & {
      readonly secretId: string;
      readonly endpointId: string;
      readonly publicKey: string | null;
    },
  ): Promise<void> {
    const { secretId, endpointId, scheme, bytes, publicKey } = secret;
    const sealing = { nonce: this.random.bytes(NONCE_BYTES), purpose: purposeOf(secretId) };
    const box = this.masterKeys.seal(bytes, sealing);
    await sql`
      insert into state.webhook_secret (secret_id, endpoint_id, scheme, box, public_key, created_at)
      values (${secretId}, ${endpointId}, ${scheme}, ${box}, ${publicKey}, clock_timestamp())`.execute(
      tx,
    );
  }
}

const secretsOf = (lists: Map<string, SigningSecret[]>, endpointId: string): SigningSecret[] => {
  const known = lists.get(endpointId) ?? [];
  lists.set(endpointId, known);
  return known;
};

/** Locks secrets with the current master key; gives how many were locked with the one before. */
export async function rewrapWebhookSecrets(parts: {
  readonly kysely: Kysely<Database>;
  readonly masterKeys: MasterKeys;
  readonly random: RandomSource;
}): Promise<number> {
  const { kysely, masterKeys, random } = parts;
  const rows = await kysely
    .selectFrom('state.webhook_secret')
    .select(['secret_id', 'box'])
    .execute();
  let rewrapped = 0;
  for (const { secret_id: secretId, box: before } of rows) {
    const sealing = { nonce: random.bytes(NONCE_BYTES), purpose: purposeOf(secretId) };
    const box = masterKeys.reseal(before, sealing);
    if (box === null) continue;
    await sql`
      update state.webhook_secret set box = ${box} where secret_id = ${secretId}`.execute(kysely);
    rewrapped += 1;
  }
  return rewrapped;
}
