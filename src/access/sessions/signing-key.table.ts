import type { ColumnType, Selectable } from 'kysely';
import type { JWK } from 'jose';

/** Keys that sign access tokens; the private half is locked with the master key. */
export interface SigningKeyTable {
  readonly key_id: string;
  readonly public_key: ColumnType<JWK, string, never>;
  readonly private_box: Buffer;
  /** Others learn of a key before it signs. */
  readonly signs_from: Date;
}

export type SigningKeyRow = Selectable<SigningKeyTable>;

declare module '../../platform/database/database.js' {
  interface Database {
    'state.signing_key': SigningKeyTable;
  }
}
