import { createSecretKey, type KeyObject } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { RandomSource } from '../../kernel/ids.js';
import type { Database, DatabaseConnection, DatabaseTransaction } from '../database/database.js';
import './data-key.table.js';
import type { MasterKeys } from './master-keys.js';
import { NONCE_BYTES } from './sealed-box.js';

/** A key that may lock one claim's personal data. */
export interface DataKey {
  readonly keyId: string;
  readonly key: KeyObject;
  /** For the one box this key will lock. */
  readonly nonce: Buffer;
}

const NIL = '00000000-0000-0000-0000-000000000000';
const KEY_BYTES = 32;
const RANDOM_BYTES = KEY_BYTES + 2 * NONCE_BYTES;
/** First byte of a wrapped key: how it is wrapped, should that ever change. */
const WRAPPED_BY_MASTER_KEY = Buffer.from([1]);

/** Data keys in schema `state`, locked with the master key; in clear only in memory. */
export class DataKeyStore {
  constructor(
    private readonly db: DatabaseConnection,
    private readonly masterKeys: MasterKeys,
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

  /** Deletes keys; the rows stay as the proof. */
  async erase(keyIds: readonly string[]): Promise<void> {
    await eraseKeys(this.db.kysely, keyIds);
  }

  /**
   * Locks the next keys, in the order of their ids, with the current master key; null when there are no more.
   * @throws BoxUnreadable for a key that neither master key opens
   */
  async rewrap(
    after: string | null,
    limit: number,
  ): Promise<{ readonly upTo: string; readonly seen: number; readonly rewrapped: number } | null> {
    const rows = await this.db.kysely
      .selectFrom('state.data_key')
      .select(['key_id', 'wrapped_key'])
      .where('wrapped_key', 'is not', null)
      .where('key_id', '>', after ?? NIL)
      .orderBy('key_id')
      .limit(limit)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return null;
    const changes = rows.flatMap(({ key_id: keyId, wrapped_key: before }) => {
      const after = before === null ? null : this.rewrapOne(keyId, before);
      return before === null || after === null ? [] : [{ keyId, before, after }];
    });
    // Only over the bytes that were read: a key that is erased meanwhile stays erased.
    await sql`
      update state.data_key as kept set wrapped_key = changed.after
      from unnest(
        ${changes.map(({ keyId }) => keyId)}::uuid[],
        ${changes.map(({ before }) => before)}::bytea[],
        ${changes.map(({ after: wrapped }) => wrapped)}::bytea[]) as changed (key_id, before, after)
      where kept.key_id = changed.key_id and kept.wrapped_key = changed.before`.execute(
      this.db.kysely,
    );
    return { upTo: last.key_id, seen: rows.length, rewrapped: changes.length };
  }

  private rewrapOne(keyId: string, wrapped: Buffer): Buffer | null {
    const box = wrapped.subarray(WRAPPED_BY_MASTER_KEY.length);
    const sealing = { nonce: this.random.bytes(NONCE_BYTES), purpose: purposeOf(keyId) };
    const resealed = this.masterKeys.reseal(box, sealing);
    return resealed === null ? null : Buffer.concat([WRAPPED_BY_MASTER_KEY, resealed]);
  }

  private mintOne(random: Buffer): DataKey & { readonly wrapped: Buffer } {
    const keyId = this.random.uuid();
    const bytes = random.subarray(0, KEY_BYTES);
    const wrapNonce = random.subarray(KEY_BYTES, KEY_BYTES + NONCE_BYTES);
    const sealing = { nonce: wrapNonce, purpose: purposeOf(keyId) };
    const wrapped = Buffer.concat([WRAPPED_BY_MASTER_KEY, this.masterKeys.seal(bytes, sealing)]);
    return { keyId, key: createSecretKey(bytes), nonce: random.subarray(-NONCE_BYTES), wrapped };
  }

  private unwrap(keyId: string, wrapped: Buffer): KeyObject {
    const box = wrapped.subarray(WRAPPED_BY_MASTER_KEY.length);
    return createSecretKey(this.masterKeys.open(box, purposeOf(keyId)));
  }
}

/** Deletes keys within somebody's transaction, or without one; gives how many of them were still there. */
export async function eraseKeys(
  db: Kysely<Database> | DatabaseTransaction,
  keyIds: readonly string[],
): Promise<number> {
  if (keyIds.length === 0) return 0;
  const { numUpdatedRows } = await db
    .updateTable('state.data_key')
    .set({ wrapped_key: null, erased_at: sql`now()` })
    .where('key_id', '=', sql<string>`any(${keyIds}::uuid[])`)
    .where('wrapped_key', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

// A wrapped key moved to another row does not open there.
const purposeOf = (keyId: string): string => `data-key ${keyId}`;
