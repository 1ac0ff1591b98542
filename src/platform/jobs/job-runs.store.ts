import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection } from '../database/database.js';
import type { LatestRun } from './job-schedule.js';
import './job-run.table.js';

/** How a run ended. */
export interface JobEnd {
  readonly job: string;
  readonly at: Date;
  readonly durationMs: number;
}

export interface RecordedRun extends LatestRun {
  readonly durationMs: number | null;
  readonly failures: bigint;
  readonly failedWith: string | null;
  readonly outcome: string | null;
}

/** The latest runs of jobs in schema `state`. */
@Injectable()
export class JobRuns {
  constructor(private readonly db: DatabaseConnection) {}

  async all(): Promise<ReadonlyMap<string, RecordedRun>> {
    const rows = await this.db.kysely.selectFrom('state.job_run').selectAll().execute();
    return new Map(
      rows.map((row) => [
        row.job,
        {
          startedAt: row.started_at,
          succeededAt: row.succeeded_at,
          failed: row.failed_with !== null,
          durationMs: row.duration_ms,
          failures: row.failures,
          failedWith: row.failed_with,
          outcome: row.outcome,
        },
      ]),
    );
  }

  async begin(job: string, at: Date): Promise<void> {
    await this.db.kysely
      .insertInto('state.job_run')
      .values({ job, started_at: at, failures: 0n })
      .onConflict((conflict) => conflict.column('job').doUpdateSet({ started_at: at }))
      .execute();
  }

  async succeeded({ job, at, durationMs }: JobEnd, outcome: string): Promise<void> {
    await this.db.kysely
      .updateTable('state.job_run')
      .set({ succeeded_at: at, duration_ms: durationMs, failed_with: null, outcome })
      .where('job', '=', job)
      .execute();
  }

  async failed({ job, durationMs }: JobEnd, failedWith: string): Promise<void> {
    await this.db.kysely
      .updateTable('state.job_run')
      .set({
        duration_ms: durationMs,
        failed_with: failedWith,
        failures: sql<bigint>`failures + 1`,
      })
      .where('job', '=', job)
      .execute();
  }
}
