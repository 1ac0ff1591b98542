import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection, type DatabaseTransaction } from '../../platform/database/database.js';
import type { Scope } from '../endpoints/webhook-endpoint.store.js';
import './webhook-delivery.table.js';
import type { WebhookAttemptRow, WebhookDeliveryRow } from './webhook-delivery.table.js';

/** What of an endpoint is sent again. */
export interface ReplayRange {
  readonly endpointId: string;
  readonly since: Date;
  readonly until: Date | null;
  /** Goes on behind this delivery, where an earlier call ended. */
  readonly after: string | null;
}

/** What one call may send again. */
export const MOST_REPLAYED = 1_000;

/** What came of deliveries, and what is to be sent again. */
@Injectable()
export class DeliveryStore {
  constructor(private readonly db: DatabaseConnection) {}

  inTransaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.db.kysely.transaction().execute(work);
  }

  /** Null when there is none, or it is another's, which a caller cannot tell from none. */
  async find(scope: Scope, deliveryId: string): Promise<WebhookDeliveryRow | null> {
    const all = this.db.kysely
      .selectFrom('state.webhook_delivery')
      .selectAll()
      .where('delivery_id', '=', deliveryId);
    const own =
      scope === null
        ? all
        : all.where('merchant_id', '=', scope.merchantId).where('mode', '=', scope.mode);
    return (await own.executeTakeFirst()) ?? null;
  }

  /** The message word for word. */
  async bodyOf(messageId: string): Promise<string> {
    const { body } = await this.db.kysely
      .selectFrom('state.webhook_message')
      .select('body')
      .where('message_id', '=', messageId)
      .executeTakeFirstOrThrow();
    return body;
  }

  /** Every try, in order; the schedule bounds how many there are between two replays. */
  attemptsOf(deliveryId: string): Promise<readonly WebhookAttemptRow[]> {
    return this.db.kysely
      .selectFrom('state.webhook_attempt')
      .selectAll()
      .where('delivery_id', '=', deliveryId)
      .orderBy('number', 'desc')
      .limit(100)
      .execute();
  }

  /** Makes one due at once, whatever became of it before; one that is being sent is left alone. */
  async replay(tx: DatabaseTransaction, deliveryId: string): Promise<void> {
    await sql`
      update state.webhook_delivery
      set status = 'pending', tries = 0, due_at = clock_timestamp(), ended_at = null
      where delivery_id = ${deliveryId}
        and (leased_until is null or leased_until <= clock_timestamp())`.execute(tx);
  }

  /** Makes those that ended due at once, oldest first. Tells how many, and behind which there may be more. */
  async replayRange(
    tx: DatabaseTransaction,
    { endpointId, since, until, after }: ReplayRange,
  ): Promise<{ readonly replayed: number; readonly last: string | null }> {
    const { rows } = await sql<{ delivery_id: string; number: bigint }>`
      update state.webhook_delivery
      set status = 'pending', tries = 0, due_at = clock_timestamp(), ended_at = null
      where status <> 'pending' and delivery_id in (
        select delivery_id from state.webhook_delivery
        where endpoint_id = ${endpointId} and status <> 'pending' and created_at >= ${since}
          and (${until}::timestamptz is null or created_at < ${until})
          and number > coalesce((
            select number from state.webhook_delivery
            where delivery_id = ${after}::uuid and endpoint_id = ${endpointId}), 0)
        order by number limit ${MOST_REPLAYED})
      returning delivery_id, number`.execute(tx);
    const last = rows.toSorted((one, other) => (one.number < other.number ? -1 : 1)).at(-1);
    return {
      replayed: rows.length,
      last: rows.length < MOST_REPLAYED ? null : (last?.delivery_id ?? null),
    };
  }
}
