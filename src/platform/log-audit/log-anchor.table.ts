/** Signed statements about the log, kept apart from it. */
export interface LogAnchorTable {
  readonly position: bigint;
  readonly prepare_position: bigint;
  readonly events: bigint;
  readonly digest: string;
  readonly signed_at: Date;
  readonly signature: string;
}

declare module '../database/database.js' {
  interface Database {
    'state.log_anchor': LogAnchorTable;
  }
}
