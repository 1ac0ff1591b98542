import { Injectable } from '@nestjs/common';
import { offline, SecurityActs } from '../../access/acts/security-acts.port.js';
import { Clock } from '../../kernel/clock.js';
import { uuidFrom } from '../../kernel/ids.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { EndpointStore } from '../endpoints/webhook-endpoint.store.js';
import { wants } from '../webhook-message.js';
import type { DueDelivery } from './delivery-queue.store.js';
import { putOut } from './outbox.store.js';

/** Disables endpoints that cannot be reached, and says so: in the audit, and to the merchant's other endpoints. */
@Injectable()
export class EndpointDisabling {
  constructor(
    private readonly endpoints: EndpointStore,
    private readonly acts: SecurityActs,
    private readonly clock: Clock,
  ) {}

  /** Does nothing when somebody has paused or disabled it already. */
  async disable(
    tx: DatabaseTransaction,
    { endpointId, merchantId, mode, lease }: DueDelivery,
    reason: 'gone' | 'failing',
  ): Promise<void> {
    if (!(await this.endpoints.disable(tx, endpointId, reason))) return;
    const act = {
      act: 'webhook_endpoint.disabled' as const,
      subject: `webhook_endpoint:${endpointId}`,
      merchantId,
      particulars: { because: reason, mode },
    };
    await this.acts.record(act, offline('process:webhooks'), tx);
    const message = {
      id: `msg_${uuidFrom('webhook endpoint disabled', endpointId, lease)}`,
      type: 'webhook_endpoint.disabled' as const,
      timestamp: this.clock.now().toISOString(),
      data: { endpoint_id: endpointId, reason },
    };
    const others = await this.endpoints.listening(tx, { merchantId, mode });
    const to = others.filter(
      (other) => other.endpoint_id !== endpointId && wants(other, message.type),
    );
    await putOut(tx, [{ message, to }]);
  }
}
