import type { Generated } from 'kysely';

/** One request that named itself by an Idempotency-Key: the first of its kind, and whether it took effect. */
export interface IdempotencyRecordTable {
  /** Hash of caller, method, address and key. */
  readonly scope: string;
  /** Keyed hash of what was asked for. */
  readonly fingerprint: string;
  /** The try that may work on it until its lease ends. */
  readonly holder: string;
  readonly lease_until: Date;
  /** When it took effect; null: it has not, or nobody lived to say so. */
  readonly done_at: Date | null;
  readonly created_at: Generated<Date>;
}

declare module '../../database/database.js' {
  interface Database {
    'state.idempotency_record': IdempotencyRecordTable;
  }
}
