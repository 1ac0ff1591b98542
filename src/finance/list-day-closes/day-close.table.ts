import type { ColumnType } from 'kysely';
import type { DayClosed } from '../events/day-closed.event.js';

/** Every close of an account's day; none is ever changed. */
export interface DayCloseTable {
  readonly receiving_account_id: string;
  readonly day: string;
  readonly version: number;
  readonly merchant_id: string;
  /** The list's order: where in the log the close stands. */
  readonly position: bigint;
  readonly close: ColumnType<DayClosed, string, never>;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'read.day_close': DayCloseTable;
  }
}
