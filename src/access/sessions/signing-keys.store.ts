import { Injectable } from '@nestjs/common';
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { sql } from 'kysely';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { PersonalDataConfig } from '../../platform/config/config.schema.js';
import { DatabaseConnection } from '../../platform/database/database.js';
import { MasterKeys } from '../../platform/personal-data/master-keys.js';
import { NONCE_BYTES } from '../../platform/personal-data/sealed-box.js';
import type { KeyTurn } from '../domain/signing-keys.js';
import type { SigningKeyRow } from './signing-key.table.js';

export const SIGNING_ALGORITHM = 'ES256';
// Any fixed number will do, as long as nothing else in this database takes it.
const LOCK = 7_201_000_026n;

/** A key in the form in which it signs and proves. */
export interface SigningKey extends KeyTurn {
  readonly publicJwk: JWK;
  readonly publicKey: CryptoKey | Uint8Array;
  readonly privateKey: CryptoKey | Uint8Array;
}

/** The keys in schema `state`; the private halves are in clear only in memory. */
@Injectable()
export class SigningKeyStore {
  private readonly masterKeys: MasterKeys;

  constructor(
    private readonly db: DatabaseConnection,
    private readonly random: RandomSource,
    private readonly clock: Clock,
    config: PersonalDataConfig,
  ) {
    this.masterKeys = MasterKeys.from(config);
  }

  /** Every key there is; the first one is made when there is none. @throws BoxUnreadable under another master key */
  async all(): Promise<readonly SigningKey[]> {
    const rows = await this.rows();
    if (rows.length === 0) await this.addFirst();
    const found = rows.length === 0 ? await this.rows() : rows;
    return Promise.all(found.map((row) => this.open(row)));
  }

  /** Makes a key that signs from an instant on. */
  async add(signsFrom: Date): Promise<string> {
    const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, {
      extractable: true,
    });
    const keyId = this.random.uuid();
    const box = this.masterKeys.seal(Buffer.from(JSON.stringify(await exportJWK(privateKey))), {
      nonce: this.random.bytes(NONCE_BYTES),
      purpose: purposeOfSigningKey(keyId),
    });
    await this.db.kysely
      .insertInto('state.signing_key')
      .values({
        key_id: keyId,
        public_key: JSON.stringify(await exportJWK(publicKey)),
        private_box: box,
        signs_from: signsFrom,
      })
      .execute();
    return keyId;
  }

  async remove(keyIds: readonly string[]): Promise<void> {
    await this.db.kysely
      .deleteFrom('state.signing_key')
      .where('key_id', '=', sql<string>`any(${keyIds}::text[])`)
      .execute();
  }

  private rows(): Promise<SigningKeyRow[]> {
    return this.db.kysely.selectFrom('state.signing_key').selectAll().execute();
  }

  /** Instances that start together make one key between them. */
  private addFirst(): Promise<void> {
    return this.db.kysely.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
      if ((await this.rows()).length === 0) await this.add(this.clock.now());
    });
  }

  private async open(row: SigningKeyRow): Promise<SigningKey> {
    const purpose = purposeOfSigningKey(row.key_id);
    const box = this.masterKeys.open(row.private_box, purpose);
    const publicJwk = { ...row.public_key, kid: row.key_id, use: 'sig', alg: SIGNING_ALGORITHM };
    return {
      keyId: row.key_id,
      signsFrom: row.signs_from,
      publicJwk,
      publicKey: await importJWK(publicJwk, SIGNING_ALGORITHM),
      privateKey: await importJWK(JSON.parse(box.toString('utf8')) as JWK, SIGNING_ALGORITHM),
    };
  }
}

// A box moved to another row does not open there.
export const purposeOfSigningKey = (keyId: string): string => `signing-key ${keyId}`;
