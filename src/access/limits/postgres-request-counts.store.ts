import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection } from '../../platform/database/database.js';
import { isOutsideFailure } from '../../platform/database/outside-failure.js';
import { CountsUnavailable, RequestCounts, type Count } from './request-counts.port.js';
import './request-count.table.js';

/** Counts in an unlogged table: what a crash of Postgres forgets, it forgets in favour of the callers. */
@Injectable()
export class PostgresRequestCounts extends RequestCounts {
  constructor(private readonly db: DatabaseConnection) {
    super();
  }

  async add(counts: readonly Count[]): Promise<readonly Count[]> {
    const column = <K extends keyof Count>(name: K) => counts.map((count) => count[name]);
    const { rows } = await sql<Omit<Count, 'windowEnd'>>`
      insert into state.request_count as known (policy, caller, window_start, used)
      select * from unnest(${column('policy')}::text[], ${column('caller')}::text[],
        ${column('windowStart')}::timestamptz[], ${column('used')}::int[]) as fresh
      order by 1, 2, 3
      on conflict (policy, caller, window_start) do update set used = known.used + excluded.used
      returning policy, caller, window_start as "windowStart", used`
      .execute(this.db.kysely)
      .catch(asUnavailable);
    return rows.map((row) => ({ ...row, windowEnd: row.windowStart }));
  }

  /** Tells how many rows it deleted. */
  async forget(before: Date): Promise<bigint> {
    const { numDeletedRows } = await this.db.kysely
      .deleteFrom('state.request_count')
      .where('window_start', '<', before)
      .executeTakeFirstOrThrow();
    return numDeletedRows;
  }
}

const asUnavailable = (error: unknown): never => {
  if (!isOutsideFailure(error)) throw error;
  throw new CountsUnavailable('Postgres is away', { cause: error });
};
