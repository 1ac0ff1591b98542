import { createSecretKey, type KeyObject } from 'node:crypto';
import { sql } from 'kysely';
import type { RandomSource } from '../../kernel/ids.js';
import type { DatabaseConnection } from '../database/database.js';
import './data-key.table.js';
import { NONCE_BYTES, openBox, sealBox } from './sealed-box.js';

/** A key that may lock one claim's personal data. */
export interface DataKey {
  readonly keyId: string;
  readonly key: KeyObject;
  /** For the one box this key will lock. */
  readonly nonce: Buffer;
}

const KEY_BYTES = 32;
const RANDOM_BYTES = KEY_BYTES + 2 * NONCE_BYTES;
/** First byte of a wrapped key: how it is wrapped, should that ever change. */
const WRAPPED_BY_MASTER_KEY = Buffer.from([1]);

/** Data keys in schema `state`, locked with the master key; in clear only in memory. */
export class DataKeyStore {
  constructor(
    private readonly db: DatabaseConnection,
    private readonly masterKey: KeyObject,
    private readonly random: RandomSource,
  ) {}

  /** Makes so many new keys; all are on disk when it returns, since what is locked with a lost key is lost. */
  async mint(count: number): Promise<readonly DataKey[]> {
    // One draw for all of them: each draw costs as much as a wrap.
    const random = this.random.bytes(count * RANDOM_BYTES);
    const minted = Array.from({ length: count }, (_, at) =>
      this.mintOne(random.subarray(at * RANDOM_BYTES, (at + 1) * RANDOM_BYTES)),
    );
    await sql`
      insert into state.data_key (key_id, wrapped_key)
      select * from unnest(
        ${minted.map(({ keyId }) => keyId)}::uuid[],
        ${minted.map(({ wrapped }) => wrapped)}::bytea[])`.execute(this.db.kysely);
    return minted.map(({ keyId, key, nonce }) => ({ keyId, key, nonce }));
  }

  /** The keys among those named that were not erased. @throws BoxUnreadable under another master key */
  async find(keyIds: readonly string[]): Promise<ReadonlyMap<string, KeyObject>> {
    const rows = await this.db.kysely
      .selectFrom('state.data_key')
      .select(['key_id', 'wrapped_key'])
      .where('key_id', '=', sql<string>`any(${keyIds}::uuid[])`)
      .where('wrapped_key', 'is not', null)
      .execute();
    return new Map(
      rows.flatMap(({ key_id, wrapped_key }) =>
        wrapped_key === null ? [] : [[key_id, this.unwrap(key_id, wrapped_key)]],
      ),
    );
  }

  private mintOne(random: Buffer): DataKey & { readonly wrapped: Buffer } {
    const keyId = this.random.uuid();
    const bytes = random.subarray(0, KEY_BYTES);
    const wrapNonce = random.subarray(KEY_BYTES, KEY_BYTES + NONCE_BYTES);
    const sealing = { key: this.masterKey, nonce: wrapNonce, purpose: purposeOf(keyId) };
    const wrapped = Buffer.concat([WRAPPED_BY_MASTER_KEY, sealBox(bytes, sealing)]);
    return { keyId, key: createSecretKey(bytes), nonce: random.subarray(-NONCE_BYTES), wrapped };
  }

  private unwrap(keyId: string, wrapped: Buffer): KeyObject {
    const box = wrapped.subarray(WRAPPED_BY_MASTER_KEY.length);
    return createSecretKey(openBox(box, { key: this.masterKey, purpose: purposeOf(keyId) }));
  }
}

// A wrapped key moved to another row does not open there.
const purposeOf = (keyId: string): string => `data-key ${keyId}`;
