/** What one live transaction adds to the totals. */
export interface DailyTotalEntryTable {
  readonly transaction_id: string;
  readonly merchant_id: string;
  /** The bank's day once a movement is bound, the claimed day until then. */
  readonly day: string;
  readonly currency: string;
  readonly status: string;
  readonly claimed_minor: bigint;
  /** Null while no movement is bound: unknown, not nothing. */
  readonly bank_minor: bigint | null;
  readonly paid_on: string;
  /** Of the last event applied. */
  readonly position: bigint;
}

/** The sum of the entries of one merchant, day, currency and status; there is no row where there is no entry. */
export interface DailyTotalTable {
  readonly merchant_id: string;
  readonly day: string;
  readonly currency: string;
  readonly status: string;
  readonly transactions: bigint;
  /** Decimal text, as Postgres gives `numeric`. */
  readonly claimed_minor: string;
  /** How many of the transactions have a movement bound. */
  readonly bank_transactions: bigint;
  readonly bank_minor: string;
}

/**
 * One half of a change of an entry: what stood before is taken away, what stands after is added. The sum up to a
 * position is the total as of that position.
 */
export interface DailyTotalChangeTable {
  readonly transaction_id: string;
  /** Of the event that changed the entry. */
  readonly position: bigint;
  readonly times: 1 | -1;
  readonly merchant_id: string;
  readonly day: string;
  readonly currency: string;
  readonly status: string;
  readonly claimed_minor: bigint;
  readonly bank_minor: bigint | null;
}

/** The first event of a transaction in each minute of the store's clock: where to look for an instant from. */
export interface LogMarkTable {
  readonly minute: Date;
  readonly recorded_at: Date;
  readonly position: bigint;
  readonly prepare_position: bigint;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'read.daily_total_entry': DailyTotalEntryTable;
    'read.daily_total': DailyTotalTable;
    'read.daily_total_change': DailyTotalChangeTable;
    'read.log_mark': LogMarkTable;
  }
}
