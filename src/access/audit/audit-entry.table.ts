import type { ColumnType, Selectable } from 'kysely';
import type { SecurityActRecorded } from '../acts/security-act.event.js';

/** Every act, as the audit lists it. */
export interface AuditEntryTable {
  readonly entry_id: string;
  readonly position: bigint;
  readonly at: Date;
  readonly act: SecurityActRecorded['act'];
  readonly actor: string;
  readonly subject: string;
  readonly merchant_id: string | null;
  readonly address: string | null;
  readonly request_id: string;
  readonly result: SecurityActRecorded['result'];
  readonly reason: string | null;
  readonly particulars: ColumnType<SecurityActRecorded['particulars'], string, never>;
  readonly stream: string;
  readonly revision: bigint;
  /** Hash of the stored bytes of the event, and of the one before in its stream. */
  readonly hash: string;
  readonly previous_hash: string | null;
}

export type AuditEntryRow = Selectable<AuditEntryTable>;

declare module '../../platform/database/database.js' {
  interface Database {
    'read.audit_entry': AuditEntryTable;
  }
}
