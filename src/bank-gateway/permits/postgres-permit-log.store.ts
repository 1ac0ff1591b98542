import { sql } from 'kysely';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { DatabaseConnection, type DatabaseTransaction } from '../../platform/database/database.js';
import { PermitGround, waitOutNewGround } from './permit-ground.store.js';
import { type PermitLimits, PermitLimitsByCredential } from './permit-limits.js';
import {
  type PermitAnswer,
  PermitLog,
  type PermitRequest,
  type PermitUsage,
} from './permit-log.port.js';
import {
  freesInMs,
  latestArrivalMs,
  PERMIT_VALID_MS,
  type QuotaState,
  usageOf,
  waitMsFor,
} from './quota.js';
import './permit.table.js';

// A take is four short statements; a holder of the lock that needs longer than this is gone or frozen.
const LOCK_WAIT_MS = 2000;
// Evidence for people; what counts is never older than a window and a deadline.
const KEPT_MS = 24 * 3_600_000;
// More than one, so that pruning gains on taking; few, so that no take pays for all.
const PRUNED_PER_TAKE = 20;

const milliseconds = (count: number) => sql`${count}::float8 * interval '1 millisecond'`;

/** The quota in Postgres: one lock per credential orders the takers, Postgres's clock judges them. */
export class PostgresPermitLog extends PermitLog {
  private readonly ground: PermitGround;

  constructor(
    private readonly database: DatabaseConnection,
    private readonly limits: PermitLimitsByCredential,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {
    super();
    this.ground = new PermitGround(database);
  }

  /** @throws the driver's error when Postgres cannot be reached, or its lock not be had in time: nothing was taken */
  async tryTake(request: PermitRequest): Promise<PermitAnswer> {
    const limits = this.limits.of(request.credentialId);
    const isTellable = await this.ground.isTellable();
    return this.database.kysely.transaction().execute(async (tx) => {
      await lockCredential(tx, request.credentialId);
      if (isTellable) await waitOutNewGround(tx, request.credentialId, limits);
      // Read before the row is written: a permit is never valid for longer than Postgres believes.
      const takenMonotonicMs = this.clock.monotonicMs();
      const state = await quotaState(tx, request.credentialId, limits);
      const waitMs = waitMsFor(request, state, limits);
      if (waitMs > 0) return { outcome: 'wait', waitMs };
      const permitId = this.random.uuid();
      await insertPermit(tx, permitId, request, limits);
      await prune(tx, request.credentialId, limits);
      const validUntilMonotonicMs = takenMonotonicMs + PERMIT_VALID_MS;
      const permit = { permitId, credentialId: request.credentialId, validUntilMonotonicMs };
      return { outcome: 'taken', permit };
    });
  }

  async resolve(permitId: string): Promise<void> {
    await sql`
      update state.permit
      set resolved_at = greatest(taken_at, least(clock_timestamp(), deadline_at))
      where permit_id = ${permitId} and resolved_at is null`.execute(this.database.kysely);
  }

  async coolDown(credentialId: string, forMs: number, reason: string): Promise<void> {
    await sql`
      insert into state.cool_down as present (credential_id, until_at, reason)
      values (${credentialId}, clock_timestamp() + ${milliseconds(forMs)}, ${reason})
      on conflict (credential_id) do update set until_at = excluded.until_at, reason = excluded.reason
      where excluded.until_at > present.until_at`.execute(this.database.kysely);
  }

  contract(credentialId: string): { readonly calls: number; readonly windowMs: number } | null {
    if (!this.limits.has(credentialId)) return null;
    const { calls, windowMs, marginMs } = this.limits.of(credentialId);
    return { calls, windowMs: windowMs + marginMs };
  }

  async usage(credentialId: string): Promise<PermitUsage> {
    const limits = this.limits.of(credentialId);
    return usageOf(await quotaState(this.database.kysely, credentialId, limits), limits);
  }
}

async function lockCredential(tx: DatabaseTransaction, credentialId: string): Promise<void> {
  await sql`select set_config('lock_timeout', ${String(LOCK_WAIT_MS)}, true)`.execute(tx);
  await sql`select pg_advisory_xact_lock(hashtextextended(${`permit:${credentialId}`}, 0))`.execute(
    tx,
  );
}

interface StateRow {
  readonly cool_down_ms: number;
  readonly permits: readonly {
    readonly operation: PermitRequest['operation'];
    readonly transaction_id: string | null;
    readonly deadline_ms: number;
    readonly resolved_ms: number | null;
  }[];
}

/** One statement, so that one reading of Postgres's clock judges everything; times are relative to it. */
async function quotaState(
  db: DatabaseConnection['kysely'],
  credentialId: string,
  limits: PermitLimits,
): Promise<QuotaState> {
  const reach = milliseconds(limits.windowMs + limits.marginMs);
  const { rows } = await sql<StateRow>`
    with moment as materialized (select clock_timestamp() as at)
    select
      coalesce((
        select extract(epoch from until_at - moment.at)::float8 * 1000
        from state.cool_down where credential_id = ${credentialId}
      ), 0) as cool_down_ms,
      coalesce((
        select json_agg(json_build_object(
          'operation', operation,
          'transaction_id', transaction_id,
          'deadline_ms', extract(epoch from deadline_at - moment.at)::float8 * 1000,
          'resolved_ms', extract(epoch from resolved_at - moment.at)::float8 * 1000
        ))
        from state.permit
        where credential_id = ${credentialId} and deadline_at > moment.at - ${reach}
      ), '[]') as permits
    from moment`.execute(db);
  const counting = (rows[0]?.permits ?? []).map((row) => ({
    operation: row.operation,
    transactionId: row.transaction_id,
    freesInMs: freesInMs({ deadlineMs: row.deadline_ms, resolvedMs: row.resolved_ms }, 0, limits),
  }));
  return {
    counting: counting.filter((permit) => permit.freesInMs > 0),
    coolDownMs: Math.max(0, rows[0]?.cool_down_ms ?? 0),
  };
}

async function insertPermit(
  tx: DatabaseTransaction,
  permitId: string,
  request: PermitRequest,
  limits: PermitLimits,
): Promise<void> {
  const latestArrival = milliseconds(latestArrivalMs(request, limits));
  await sql`
    insert into state.permit (permit_id, credential_id, operation, transaction_id, taken_at, deadline_at)
    select ${permitId}, ${request.credentialId}, ${request.operation}, ${request.transactionId},
      moment.at, moment.at + ${latestArrival}
    from (select clock_timestamp() as at) as moment`.execute(tx);
}

async function prune(
  tx: DatabaseTransaction,
  credentialId: string,
  limits: PermitLimits,
): Promise<void> {
  const age = milliseconds(Math.max(KEPT_MS, 2 * (limits.windowMs + limits.marginMs)));
  await sql`
    delete from state.permit where permit_id in (
      select permit_id from state.permit
      where credential_id = ${credentialId} and deadline_at < clock_timestamp() - ${age}
      order by deadline_at limit ${PRUNED_PER_TAKE}
    )`.execute(tx);
}
