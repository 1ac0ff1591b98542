import { Injectable } from '@nestjs/common';
import { SecurityActs, type ActContext } from '../../access/acts/security-acts.port.js';
import { Clock } from '../../kernel/clock.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { EndpointStore, type Scope } from '../endpoints/webhook-endpoint.store.js';
import type { WebhookEndpointRow } from '../endpoints/webhook-endpoint.table.js';
import { deliveryIdOf, putOut } from './outbox.store.js';
import { DeliveryStore, type ReplayRange } from './webhook-delivery.store.js';
import type { WebhookDeliveryRow } from './webhook-delivery.table.js';

/** Sends what somebody asks for: again what was sent, or a test. */
@Injectable()
export class Replays {
  constructor(
    readonly deliveries: DeliveryStore,
    private readonly endpoints: EndpointStore,
    private readonly acts: SecurityActs,
    private readonly clock: Clock,
  ) {}

  /** @throws RuleViolation `not_found`, `endpoint_not_enabled` */
  async one(scope: Scope, deliveryId: string, acting: ActContext): Promise<void> {
    const { endpoint_id: endpointId } = await this.found(scope, deliveryId);
    await this.deliveries.inTransaction(async (tx) => {
      const endpoint = await this.enabled(tx, scope, endpointId);
      await this.deliveries.replay(tx, deliveryId);
      await this.record(tx, endpoint, { replayed: 1, delivery: deliveryId }, acting);
    });
  }

  /** At most a thousand at once. @throws RuleViolation `not_found`, `endpoint_not_enabled` */
  range(
    scope: Scope,
    range: ReplayRange,
    acting: ActContext,
  ): Promise<{ readonly replayed: number; readonly last: string | null }> {
    return this.deliveries.inTransaction(async (tx) => {
      const endpoint = await this.enabled(tx, scope, range.endpointId);
      const done = await this.deliveries.replayRange(tx, range);
      const particulars = { replayed: done.replayed, since: range.since.toISOString() };
      await this.record(tx, endpoint, particulars, acting);
      return done;
    });
  }

  /** A message that says nothing, to see whether it comes. @throws RuleViolation `not_found`, `endpoint_not_enabled` */
  async test(
    scope: Scope,
    { endpointId, testId }: { readonly endpointId: string; readonly testId: string },
    acting: ActContext,
  ): Promise<void> {
    const messageId = testMessageId(testId);
    await this.deliveries.inTransaction(async (tx) => {
      const endpoint = await this.enabled(tx, scope, endpointId);
      const message = {
        id: messageId,
        type: 'webhook_endpoint.test' as const,
        timestamp: this.clock.now().toISOString(),
        data: { endpoint_id: endpointId },
      };
      await putOut(tx, [{ message, to: [endpoint] }]);
      const subject = `webhook_endpoint:${endpointId}`;
      const { merchant_id: merchantId } = endpoint;
      const act = { act: 'webhook_endpoint.tested' as const, subject, merchantId };
      await this.acts.record(act, acting, tx);
    });
  }

  /** @throws RuleViolation `not_found` */
  foundTest(scope: Scope, endpointId: string, testId: string): Promise<WebhookDeliveryRow> {
    return this.found(scope, deliveryIdOf(testMessageId(testId), endpointId));
  }

  /** @throws RuleViolation `not_found` */
  async found(scope: Scope, deliveryId: string): Promise<WebhookDeliveryRow> {
    const row = await this.deliveries.find(scope, deliveryId);
    if (row === null) throw new RuleViolation(reject('not_found'));
    return row;
  }

  private async enabled(
    tx: DatabaseTransaction,
    scope: Scope,
    endpointId: string,
  ): Promise<WebhookEndpointRow> {
    const endpoint = await this.endpoints.hold(tx, scope, endpointId);
    if (endpoint === null) throw new RuleViolation(reject('not_found'));
    if (endpoint.state !== 'enabled') throw new RuleViolation(reject('endpoint_not_enabled'));
    return endpoint;
  }

  private record(
    tx: DatabaseTransaction,
    { endpoint_id: endpointId, merchant_id: merchantId }: WebhookEndpointRow,
    particulars: Readonly<Record<string, string | number>>,
    acting: ActContext,
  ): Promise<void> {
    const subject = `webhook_endpoint:${endpointId}`;
    const act = { act: 'webhook_deliveries.replayed' as const, subject, merchantId, particulars };
    return this.acts.record(act, acting, tx);
  }
}

const testMessageId = (testId: string): string => `msg_${testId}`;
