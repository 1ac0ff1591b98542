import type { Generated } from 'kysely';

/** An event that one version of a projection could not apply, or that waits behind such a one of its stream. */
export interface QuarantinedEventTable {
  readonly projection: string;
  readonly version: number;
  readonly stream_name: string;
  readonly revision: bigint;
  readonly event_id: string;
  readonly type: string;
  readonly position: bigint;
  readonly prepare_position: bigint;
  outcome: 'failed' | 'waiting';
  /** The class and wording of the error; never the event's data. */
  reason: string;
  readonly quarantined_at: Generated<Date>;
}

declare module '../database/database.js' {
  interface Database {
    'read.quarantined_event': QuarantinedEventTable;
  }
}
