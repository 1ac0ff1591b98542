import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection } from '../../platform/database/database.js';
import './request-count.table.js';

/** Uses to add, or the sum that they led to. */
export interface Count {
  readonly policy: string;
  readonly caller: string;
  readonly windowStart: Date;
  readonly used: number;
}

@Injectable()
export class RequestCountStore {
  constructor(private readonly db: DatabaseConnection) {}

  /** Adds uses and tells the sums over all instances. */
  async add(counts: readonly Count[]): Promise<readonly Count[]> {
    const column = <K extends keyof Count>(name: K) => counts.map((count) => count[name]);
    const { rows } = await sql<Count>`
      insert into state.request_count as known (policy, caller, window_start, used)
      select * from unnest(${column('policy')}::text[], ${column('caller')}::text[],
        ${column('windowStart')}::timestamptz[], ${column('used')}::int[]) as fresh
      order by 1, 2, 3
      on conflict (policy, caller, window_start) do update set used = known.used + excluded.used
      returning policy, caller, window_start as "windowStart", used`.execute(this.db.kysely);
    return rows;
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
