import type { Generated } from 'kysely';

/** Where one version of a projection stands in the log. */
export interface ProjectionCheckpointTable {
  readonly name: string;
  readonly version: number;
  /** Null until the first event was looked at. */
  position: bigint | null;
  prepare_position: bigint | null;
  updated_at: Generated<Date>;
  /** Raised by every switch to other rows. */
  generation: Generated<number>;
}

declare module '../database/database.js' {
  interface Database {
    'read.projection_checkpoint': ProjectionCheckpointTable;
  }
}
