import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection, type DatabaseTransaction } from '../../platform/database/database.js';
import '../endpoints/webhook-endpoint.table.js';
import './webhook-delivery.table.js';
import type { AttemptOutcome, Consequence } from './webhook-schedule.js';

/** A message that a process has in hand until its lease ends. */
export interface DueDelivery {
  /** Names the claim: only it may settle. */
  readonly lease: string;
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly merchantId: string;
  readonly mode: 'live' | 'test';
  readonly url: string;
  readonly messageId: string;
  readonly body: string;
  /** This try's number among all, and among those since it was last due anew. */
  readonly attempt: number;
  readonly tries: number;
  readonly failingForMs: number | null;
}

/** What is claimed at once, and for how long. */
export interface ClaimTerms {
  readonly atMost: number;
  readonly perEndpoint: number;
  readonly leaseMs: number;
}

/** What came of a try, as it is written down. */
export interface AttemptRecord {
  readonly beganAt: Date;
  readonly durationMs: number;
  readonly outcome: AttemptOutcome;
  readonly status: number | null;
  readonly error: string | null;
}

// More endpoints than that take turns.
const ENDPOINTS_AT_ONCE = 100;

const NOW = sql`clock_timestamp()`;
const IS_FREE = sql`(d.leased_until is null or d.leased_until <= ${NOW})`;
const IS_DUE = sql`d.status = 'pending' and d.due_at <= ${NOW} and ${IS_FREE}`;
const IS_OPEN = sql`e.state = 'enabled' and (e.held_until is null or e.held_until <= ${NOW})`;
const HAS_DUE = sql`exists (
  select from state.webhook_delivery d where d.endpoint_id = e.endpoint_id and ${IS_DUE})`;

/** What is due, shared by every process that delivers. Postgres's clock decides. */
@Injectable()
export class DeliveryQueue {
  constructor(private readonly db: DatabaseConnection) {}

  /**
   * Takes what is due: of a transaction only the earliest that an endpoint still lacks, and never more to one endpoint
   * at once than it may have. An endpoint is held meanwhile, so that two processes cannot both count it as free.
   */
  async claim(terms: ClaimTerms): Promise<readonly DueDelivery[]> {
    if (!(await this.hasDue())) return [];
    return this.db.kysely.transaction().execute(async (tx) => {
      const { rows: endpoints } = await sql<{ endpoint_id: string }>`
        select e.endpoint_id from state.webhook_endpoint e where ${IS_OPEN} and ${HAS_DUE}
        order by random() limit ${ENDPOINTS_AT_ONCE} for update of e skip locked`.execute(tx);
      if (endpoints.length === 0) return [];
      const ids = endpoints.map(({ endpoint_id: id }) => id);
      // A statement of its own, so that it sees what others had claimed before they let go of the endpoint.
      return claimOf(tx, ids, terms);
    });
  }

  /**
   * Writes down what a try came to and what follows. False, and nothing is written, when the lease had ended and
   * somebody else has it in hand.
   */
  async settle(
    tx: DatabaseTransaction,
    { deliveryId, lease, attempt, endpointId }: DueDelivery,
    { record, consequence }: { record: AttemptRecord; consequence: Consequence },
  ): Promise<boolean> {
    const { delivery, endpoint } = consequence;
    const afterMs = delivery.status === 'pending' ? delivery.afterMs : null;
    const { numAffectedRows = 0n } = await sql`
      update state.webhook_delivery set
        status = ${delivery.status}, lease = null, leased_until = null,
        due_at = case when ${afterMs}::int is null then due_at
          else ${NOW} + ${afterMs}::int * interval '1 millisecond' end,
        ended_at = case when ${delivery.status} = 'pending' then null else ${NOW} end
      where delivery_id = ${deliveryId} and lease = ${lease}`.execute(tx);
    if (numAffectedRows === 0n) return false;
    const { beganAt, durationMs, outcome, status, error } = record;
    await tx
      .insertInto('state.webhook_attempt')
      .values({
        delivery_id: deliveryId,
        number: attempt,
        began_at: beganAt,
        duration_ms: durationMs,
        outcome,
        status,
        error,
      })
      .execute();
    await (outcome === 'delivered'
      ? sql`
        update state.webhook_endpoint set failing_since = null, held_until = null
        where endpoint_id = ${endpointId}
          and (failing_since is not null or held_until is not null)`.execute(tx)
      : sql`
        update state.webhook_endpoint set failing_since = coalesce(failing_since, ${NOW}),
          held_until = case when ${heldMs(endpoint)}::int is null then held_until
            else ${NOW} + ${heldMs(endpoint)}::int * interval '1 millisecond' end
        where endpoint_id = ${endpointId}`.execute(tx));
    return true;
  }

  /** Lets go of what was not tried to its end: it is due at once, and counts as tried. */
  async release({ lease, deliveryId }: DueDelivery): Promise<void> {
    await sql`
      update state.webhook_delivery set lease = null, leased_until = null
      where delivery_id = ${deliveryId} and lease = ${lease}`.execute(this.db.kysely);
  }

  /** How many wait for endpoints that take messages, and for how long the oldest does. */
  async census(): Promise<{ readonly pending: number; readonly oldestSeconds: number }> {
    const { rows } = await sql<{ pending: number; oldest: number }>`
      select count(*)::int as pending,
        coalesce(extract(epoch from ${NOW} - min(d.created_at)), 0)::float8 as oldest
      from state.webhook_delivery d join state.webhook_endpoint e using (endpoint_id)
      where d.status = 'pending' and e.state = 'enabled'`.execute(this.db.kysely);
    return { pending: rows[0]?.pending ?? 0, oldestSeconds: Math.max(0, rows[0]?.oldest ?? 0) };
  }

  inTransaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.db.kysely.transaction().execute(work);
  }

  private async hasDue(): Promise<boolean> {
    const { rows } = await sql`
      select from state.webhook_endpoint e where ${IS_OPEN} and ${HAS_DUE} limit 1`.execute(
      this.db.kysely,
    );
    return rows.length > 0;
  }
}

const heldMs = (endpoint: Consequence['endpoint']): number | null =>
  endpoint.do === 'hold' ? endpoint.forMs : null;

async function claimOf(
  tx: DatabaseTransaction,
  endpointIds: readonly string[],
  { atMost, perEndpoint, leaseMs }: ClaimTerms,
): Promise<readonly DueDelivery[]> {
  const { rows } = await sql<DueDelivery>`
    with free as (
      select e.endpoint_id, e.url, e.failing_since, ${perEndpoint} - (
        select count(*) from state.webhook_delivery d
        where d.endpoint_id = e.endpoint_id and d.status = 'pending' and d.leased_until > ${NOW}
      ) as room
      from state.webhook_endpoint e where e.endpoint_id = any(${endpointIds}::uuid[])
    ), picked as (
      select free.url, free.failing_since, due.delivery_id from free cross join lateral (
        select d.delivery_id, d.due_at from state.webhook_delivery d
        where d.endpoint_id = free.endpoint_id and ${IS_DUE} and not exists (
          select from state.webhook_delivery earlier
          where earlier.endpoint_id = d.endpoint_id and earlier.status = 'pending'
            and earlier.transaction_id = d.transaction_id and earlier.sequence < d.sequence)
        order by d.due_at, d.number limit greatest(free.room, 0)
      ) due
      order by due.due_at limit ${atMost}
    )
    update state.webhook_delivery d set
      lease = gen_random_uuid(), leased_until = ${NOW} + ${leaseMs}::int * interval '1 millisecond',
      attempts = d.attempts + 1, tries = d.tries + 1
    from picked, state.webhook_message m
    where d.delivery_id = picked.delivery_id and m.message_id = d.message_id and ${IS_DUE}
    returning d.lease, d.delivery_id as "deliveryId", d.endpoint_id as "endpointId",
      d.merchant_id as "merchantId", d.mode, picked.url, d.message_id as "messageId", m.body,
      d.attempts as attempt, d.tries,
      (extract(epoch from ${NOW} - picked.failing_since) * 1000)::float8 as "failingForMs"`.execute(
    tx,
  );
  return rows;
}
