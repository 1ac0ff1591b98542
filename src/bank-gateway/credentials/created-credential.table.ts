import type { ColumnType } from 'kysely';

/** Credentials that admins created; what they leave out is as in the bank's own line in the configuration. */
export interface CreatedCredentialTable {
  readonly credential_id: string;
  readonly bank: string;
  readonly affiliate: string;
  readonly calls: number | null;
  readonly window_ms: number | null;
  readonly receiving_phone: string | null;
  readonly created_at: Date;
  /** When the bank took its secrets; null: nothing is asked under it yet. */
  readonly in_force_at: ColumnType<Date | null, never, Date>;
  /** When an account was last moved away from it. */
  readonly left_at: ColumnType<Date | null, never, Date>;
  readonly retired_at: ColumnType<Date | null, never, Date>;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'state.created_credential': CreatedCredentialTable;
  }
}
