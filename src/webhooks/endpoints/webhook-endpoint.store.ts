import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection, type DatabaseTransaction } from '../../platform/database/database.js';
import type { WebhookEndpointRow } from './webhook-endpoint.table.js';

/** Whose endpoints a caller may see; null: everybody's. */
export type Scope = { readonly merchantId: string; readonly mode: 'live' | 'test' } | null;

export type EndpointChanges = Partial<
  Pick<WebhookEndpointRow, 'url' | 'description' | 'event_types' | 'state' | 'disabled_because'>
>;

export type NewEndpoint = Omit<
  WebhookEndpointRow,
  'version' | 'failing_since' | 'held_until' | 'disabled_because' | 'state' | 'created_at'
>;

@Injectable()
export class EndpointStore {
  constructor(private readonly db: DatabaseConnection) {}

  inTransaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.db.kysely.transaction().execute(work);
  }

  /** Null when there is none, or it is another's, which a caller cannot tell from none. */
  async find(scope: Scope, endpointId: string): Promise<WebhookEndpointRow | null> {
    return (
      (await this.select(scope).where('endpoint_id', '=', endpointId).executeTakeFirst()) ?? null
    );
  }

  /** The same, held until the transaction ends. */
  async hold(
    tx: DatabaseTransaction,
    scope: Scope,
    endpointId: string,
  ): Promise<WebhookEndpointRow | null> {
    const query = this.select(scope, tx).where('endpoint_id', '=', endpointId).forUpdate();
    return (await query.executeTakeFirst()) ?? null;
  }

  list(
    scope: Scope,
    { merchantId, after, limit }: { merchantId?: string; after: string | null; limit: number },
  ): Promise<readonly WebhookEndpointRow[]> {
    const own = this.select(scope).orderBy('endpoint_id').limit(limit);
    const narrowed = merchantId === undefined ? own : own.where('merchant_id', '=', merchantId);
    return (after === null ? narrowed : narrowed.where('endpoint_id', '>', after)).execute();
  }

  /** Everyone who may be told something about a merchant in a mode; none of them can be deleted meanwhile. */
  listening(
    tx: DatabaseTransaction,
    { merchantId, mode }: { readonly merchantId: string; readonly mode: 'live' | 'test' },
  ) {
    return tx
      .selectFrom('state.webhook_endpoint')
      .select(['endpoint_id', 'merchant_id', 'mode', 'event_types'])
      .where('merchant_id', '=', merchantId)
      .where('mode', '=', mode)
      .orderBy('endpoint_id')
      .forKeyShare()
      .execute();
  }

  /** False when there is no such merchant. Whoever adds an endpoint to it waits, so that they can be counted. */
  async holdMerchant(tx: DatabaseTransaction, merchantId: string): Promise<boolean> {
    const { rows } = await sql`
      select from state.merchant where merchant_id = ${merchantId} for no key update`.execute(tx);
    return rows.length > 0;
  }

  async add(tx: DatabaseTransaction, endpoint: NewEndpoint): Promise<void> {
    await tx
      .insertInto('state.webhook_endpoint')
      .values({
        ...endpoint,
        event_types: listed(endpoint.event_types),
        state: 'enabled',
        disabled_because: null,
        created_at: sql`clock_timestamp()`,
      })
      .execute();
  }

  async change(
    tx: DatabaseTransaction,
    endpointId: string,
    changes: EndpointChanges,
  ): Promise<WebhookEndpointRow> {
    const types = changes.event_types;
    return tx
      .updateTable('state.webhook_endpoint')
      .set({
        ...changes,
        ...(types === undefined ? {} : { event_types: listed(types) }),
        // Whoever changes it has mended it: it begins anew.
        failing_since: null,
        held_until: null,
        version: sql`version + 1`,
      })
      .where('endpoint_id', '=', endpointId)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** Disables an endpoint that is enabled; false when it is not, or no more. */
  async disable(
    tx: DatabaseTransaction,
    endpointId: string,
    because: 'gone' | 'failing',
  ): Promise<boolean> {
    const { numAffectedRows = 0n } = await sql`
      update state.webhook_endpoint
      set state = 'disabled', disabled_because = ${because}, version = version + 1
      where endpoint_id = ${endpointId} and state = 'enabled'`.execute(tx);
    return numAffectedRows > 0n;
  }

  async remove(tx: DatabaseTransaction, endpointId: string): Promise<void> {
    await tx.deleteFrom('state.webhook_endpoint').where('endpoint_id', '=', endpointId).execute();
  }

  private select(scope: Scope, tx?: DatabaseTransaction) {
    const all = (tx ?? this.db.kysely).selectFrom('state.webhook_endpoint').selectAll();
    return scope === null
      ? all
      : all.where('merchant_id', '=', scope.merchantId).where('mode', '=', scope.mode);
  }
}

const listed = (types: readonly string[] | null) =>
  types === null ? null : sql<readonly string[]>`${[...types]}::text[]`;
