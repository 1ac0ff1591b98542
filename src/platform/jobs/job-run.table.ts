/** The latest run of each job, so that an interval holds over restarts and whoever leads. */
export interface JobRunTable {
  readonly job: string;
  readonly started_at: Date;
  readonly succeeded_at: Date | null;
  readonly duration_ms: number | null;
  readonly failures: bigint;
  /** The kind of the latest failure; null when the latest run did not fail. */
  readonly failed_with: string | null;
  readonly outcome: string | null;
}

declare module '../database/database.js' {
  interface Database {
    'state.job_run': JobRunTable;
  }
}
