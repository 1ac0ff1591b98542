import type { Generated } from 'kysely';

/** One key for one claim's personal data, locked with the master key; erasing the claim empties it. */
export interface DataKeyTable {
  readonly key_id: string;
  /** Null once erased: the row stays as the proof. */
  wrapped_key: Buffer | null;
  readonly created_at: Generated<Date>;
  erased_at: Date | null;
}

declare module '../database/database.js' {
  interface Database {
    'state.data_key': DataKeyTable;
  }
}
