import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection, type DatabaseTransaction } from '../../platform/database/database.js';
import type { ApiKeyRow, NewApiKeyRow } from './api-key.table.js';

@Injectable()
export class ApiKeyStore {
  constructor(private readonly db: DatabaseConnection) {}

  /** What belongs together, such as a change and the act that tells of it. */
  inTransaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.db.kysely.transaction().execute(work);
  }

  async findByPrefix(prefix: string): Promise<ApiKeyRow | null> {
    const row = await this.db.kysely
      .selectFrom('state.api_key')
      .selectAll()
      .where('prefix', '=', prefix)
      .executeTakeFirst();
    return row ?? null;
  }

  /** Many at once; those that are gone are left out. */
  async findAll(apiKeyIds: readonly string[]): Promise<ApiKeyRow[]> {
    if (apiKeyIds.length === 0) return [];
    return this.db.kysely
      .selectFrom('state.api_key')
      .selectAll()
      .where('api_key_id', '=', sql<string>`any(${[...apiKeyIds]}::uuid[])`)
      .execute();
  }

  /** A merchant's key; null when it is another's, which a caller cannot tell from none. */
  async find(merchantId: string, apiKeyId: string): Promise<ApiKeyRow | null> {
    const row = await this.db.kysely
      .selectFrom('state.api_key')
      .selectAll()
      .where('api_key_id', '=', apiKeyId)
      .where('merchant_id', '=', merchantId)
      .executeTakeFirst();
    return row ?? null;
  }

  /** The same, held until the transaction ends, so that two changes take turns. */
  async hold(
    tx: DatabaseTransaction,
    merchantId: string,
    apiKeyId: string,
  ): Promise<ApiKeyRow | null> {
    const row = await tx
      .selectFrom('state.api_key')
      .selectAll()
      .where('api_key_id', '=', apiKeyId)
      .where('merchant_id', '=', merchantId)
      .forUpdate()
      .executeTakeFirst();
    return row ?? null;
  }

  /** Every key of a merchant, newest first; people keep a handful, and the bound is there for programs. */
  list(merchantId: string): Promise<ApiKeyRow[]> {
    return this.db.kysely
      .selectFrom('state.api_key')
      .selectAll()
      .where('merchant_id', '=', merchantId)
      .orderBy('issued_at', 'desc')
      .orderBy('api_key_id')
      .limit(500)
      .execute();
  }

  /** True for the operator too, who is no merchant. */
  async merchantExists(merchantId: string | null): Promise<boolean> {
    if (merchantId === null) return true;
    const { rows } = await sql`
      select from state.merchant where merchant_id = ${merchantId}`.execute(this.db.kysely);
    return rows.length > 0;
  }

  async add(tx: DatabaseTransaction, key: NewApiKeyRow): Promise<void> {
    await tx.insertInto('state.api_key').values(key).execute();
  }

  async revoke(tx: DatabaseTransaction, apiKeyId: string, by: string, at: Date): Promise<void> {
    await tx
      .updateTable('state.api_key')
      .set({ revoked_at: at, revoked_by: by })
      .where('api_key_id', '=', apiKeyId)
      .execute();
  }

  async replace(
    tx: DatabaseTransaction,
    apiKeyId: string,
    by: { readonly apiKeyId: string; readonly endsAt: Date },
  ): Promise<void> {
    await tx
      .updateTable('state.api_key')
      .set({ replaced_by: by.apiKeyId, expires_at: by.endsAt })
      .where('api_key_id', '=', apiKeyId)
      .execute();
  }

  /** Moves the last use forward, never back: instances tell of their uses in any order. */
  async noteUses(uses: ReadonlyMap<string, Date>): Promise<void> {
    const ids = [...uses.keys()];
    const times = [...uses.values()];
    await sql`
      update state.api_key as key set last_used_at = seen.used_at
      from unnest(${ids}::uuid[], ${times}::timestamptz[]) as seen (api_key_id, used_at)
      where key.api_key_id = seen.api_key_id
        and (key.last_used_at is null or key.last_used_at < seen.used_at)`.execute(this.db.kysely);
  }
}
