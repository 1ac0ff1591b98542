import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { sql, type Kysely } from 'kysely';
import { DatabaseConnection, type Database } from '../../database/database.js';
import './idempotency-record.table.js';

/** One try of a request that names itself. */
export interface Attempt {
  readonly scope: string;
  readonly fingerprint: string;
  /** Tells this try from others of the same request. */
  readonly holder: string;
}

/** What a try finds: it may go ahead, the first is still under way, it took effect, or it asked for something else. */
export type Beginning = 'begun' | 'running' | 'done' | 'other_content';

/** After a crash the key is free again this long after the request began; no statement of a request lives longer. */
const LEASE_SECONDS = 30;

/** The try whose request is being answered, for what writes its effect. */
export const attemptScope = new AsyncLocalStorage<Attempt>();

/** Remembers which requests took effect, over restarts and for all instances. Postgres's clock decides. */
@Injectable()
export class IdempotencyRecordStore {
  constructor(private readonly db: DatabaseConnection) {}

  async begin({ scope, fingerprint, holder }: Attempt): Promise<Beginning> {
    const { rows } = await sql<Found>`
      with begun as (
        insert into state.idempotency_record as known (scope, fingerprint, holder, lease_until)
        values (${scope}, ${fingerprint}, ${holder}, clock_timestamp() + ${LEASE_SECONDS} * interval '1 second')
        on conflict (scope) do update set holder = excluded.holder, lease_until = excluded.lease_until
          where known.done_at is null
            and known.lease_until <= clock_timestamp()
            and known.fingerprint = excluded.fingerprint
        returning holder
      )
      select exists (select from begun) as begun, fingerprint, done_at is not null as done
      from (select) as once left join state.idempotency_record on scope = ${scope}`.execute(
      this.db.kysely,
    );
    return judged(rows[0], fingerprint);
  }

  /** The request took effect: a repeat is answered with what stands now. */
  async finish(attempt: Attempt): Promise<void> {
    await markDone(this.db.kysely, attempt);
  }

  /** The request was refused and changed nothing: the key may be used again, for anything. */
  async forget({ scope, holder }: Attempt): Promise<void> {
    await this.db.kysely
      .deleteFrom('state.idempotency_record')
      .where('scope', '=', scope)
      .where('holder', '=', holder)
      .where('done_at', 'is', null)
      .execute();
  }

  /** The request failed and nobody knows how far it came: the same request may try again at once, no other. */
  async release({ scope, holder }: Attempt): Promise<void> {
    await this.db.kysely
      .updateTable('state.idempotency_record')
      .set({ lease_until: sql<Date>`clock_timestamp()` })
      .where('scope', '=', scope)
      .where('holder', '=', holder)
      .execute();
  }

  /** Forgets what is older than so many hours, a bounded number at a time; tells how many. */
  async forgetOlderThan(hours: number, limit: number): Promise<number> {
    const { numAffectedRows } = await sql`
      delete from state.idempotency_record where scope in (
        select scope from state.idempotency_record
        where created_at < now() - ${hours} * interval '1 hour'
        order by created_at limit ${limit}
      )`.execute(this.db.kysely);
    return Number(numAffectedRows ?? 0n);
  }
}

interface Found {
  readonly begun: boolean;
  readonly fingerprint: string | null;
  readonly done: boolean | null;
}

function judged(found: Found | undefined, fingerprint: string): Beginning {
  if (found?.begun === true) return 'begun';
  // Another one put it there between our look and our attempt: it is under way, whatever it asks for.
  if (found === undefined || found.fingerprint === null) return 'running';
  if (found.fingerprint !== fingerprint) return 'other_content';
  return found.done === true ? 'done' : 'running';
}

/**
 * Says inside the transaction of a change that the request which asked for it took effect, so that a crash leaves both
 * or neither. Outside of such a request it does nothing.
 */
export async function markRequestDone(tx: Kysely<Database>): Promise<void> {
  const attempt = attemptScope.getStore();
  if (attempt !== undefined) await markDone(tx, attempt);
}

// An insert where the beginning could not be written down, because the database was away then.
async function markDone(
  db: Kysely<Database>,
  { scope, fingerprint, holder }: Attempt,
): Promise<void> {
  const now = sql<Date>`clock_timestamp()`;
  await db
    .insertInto('state.idempotency_record')
    .values({ scope, fingerprint, holder, lease_until: now, done_at: now })
    .onConflict((conflict) => conflict.column('scope').doUpdateSet({ done_at: now }))
    .execute();
}
