import type { ColumnType, Insertable, Selectable } from 'kysely';

/** Keys of merchants' backends. The key itself is nowhere; its hash cannot be turned back. */
export interface ApiKeyTable {
  readonly api_key_id: string;
  /** Null for keys of the operator, which see every merchant. */
  readonly merchant_id: string | null;
  readonly name: string;
  readonly mode: 'live' | 'test';
  readonly prefix: string;
  readonly last_four: string;
  readonly secret_hash: Buffer;
  readonly permissions: ColumnType<string[], readonly string[]>;
  readonly issued_by: string;
  readonly issued_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: ColumnType<Date | null, never, Date>;
  readonly revoked_by: ColumnType<string | null, never, string>;
  /** Follows the uses within seconds; null: never used. */
  readonly last_used_at: ColumnType<Date | null, never, Date>;
  /** The key that took its place. */
  readonly replaced_by: ColumnType<string | null, never, string>;
}

export type ApiKeyRow = Selectable<ApiKeyTable>;
export type NewApiKeyRow = Insertable<ApiKeyTable>;

declare module '../../platform/database/database.js' {
  interface Database {
    'state.api_key': ApiKeyTable;
  }
}
