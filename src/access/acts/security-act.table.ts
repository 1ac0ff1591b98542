import type { ColumnType, Generated, Selectable } from 'kysely';
import type { SecurityActRecorded } from './security-act.event.js';

/** Acts on their way to the log. */
export interface SecurityActTable {
  readonly act_id: Generated<bigint>;
  readonly event_id: string;
  /** One stream for each subject. */
  readonly stream_id: string;
  readonly data: ColumnType<SecurityActRecorded, string, never>;
  readonly actor: string;
  readonly request_id: string;
  readonly trace_id: string | null;
}

export type SecurityActRow = Selectable<SecurityActTable>;

declare module '../../platform/database/database.js' {
  interface Database {
    'state.security_act': SecurityActTable;
  }
}
