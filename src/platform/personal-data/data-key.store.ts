import { sql } from 'kysely';
import type { RandomSource } from '../../kernel/ids.js';
import type { DatabaseConnection } from '../database/database.js';
import './data-key.table.js';
import { NONCE_BYTES, openBox, sealBox } from './sealed-box.js';

/** A key that may lock one claim's personal data. */
export interface DataKey {
  readonly keyId: string;
  readonly key: Buffer;
}

const KEY_BYTES = 32;
/** First byte of a wrapped key: how it is wrapped, should that ever change. */
const WRAPPED_BY_MASTER_KEY = Buffer.from([1]);

/** Data keys in schema `state`, locked with the master key; in clear only in memory. */
export class DataKeyStore {
  constructor(
    private readonly db: DatabaseConnection,
    private readonly masterKey: Buffer,
    private readonly random: RandomSource,
  ) {}

  /** Makes so many new keys; all are on disk when it returns, since what is locked with a lost key is lost. */
  async mint(count: number): Promise<readonly DataKey[]> {
    const keys = Array.from({ length: count }, () => ({
      keyId: this.random.uuid(),
      key: this.random.bytes(KEY_BYTES),
    }));
    await sql`
      insert into state.data_key (key_id, wrapped_key)
      select * from unnest(
        ${keys.map(({ keyId }) => keyId)}::uuid[],
        ${keys.map((key) => this.wrap(key))}::bytea[])`.execute(this.db.kysely);
    return keys;
  }

  /** The keys among those named that were not erased. @throws BoxUnreadable under another master key */
  async find(keyIds: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
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

  private wrap({ keyId, key }: DataKey): Buffer {
    const nonce = this.random.bytes(NONCE_BYTES);
    const box = sealBox(key, { key: this.masterKey, nonce, purpose: purposeOf(keyId) });
    return Buffer.concat([WRAPPED_BY_MASTER_KEY, box]);
  }

  private unwrap(keyId: string, wrapped: Buffer): Buffer {
    const box = wrapped.subarray(WRAPPED_BY_MASTER_KEY.length);
    return openBox(box, { key: this.masterKey, purpose: purposeOf(keyId) });
  }
}

// A wrapped key moved to another row does not open there.
const purposeOf = (keyId: string): string => `data-key ${keyId}`;
