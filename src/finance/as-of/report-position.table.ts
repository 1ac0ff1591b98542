/** Which position of the log an instant was taken for, once and for ever; no rebuild touches it. */
export interface ReportPositionTable {
  readonly as_of: Date;
  readonly position: bigint;
  readonly resolved_at: Date;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'state.report_position': ReportPositionTable;
  }
}
