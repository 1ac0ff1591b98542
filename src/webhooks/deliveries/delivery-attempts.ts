import { Injectable, Logger } from '@nestjs/common';
import { Metrics } from '../../platform/metrics/metrics.js';
import type { SigningSecret } from '../webhook-signature.js';
import { DeliveryQueue, type DueDelivery } from './delivery-queue.store.js';
import { DeliverySettlement } from './delivery-settlement.js';
import type { Consequence } from './webhook-schedule.js';
import { WebhookSender, type Sent } from './webhook-sender.js';

/** Sends a message that is in hand, once, and writes down what came of it. */
@Injectable()
export class DeliveryAttempts {
  private readonly logger = new Logger(DeliveryAttempts.name);

  constructor(
    private readonly queue: DeliveryQueue,
    private readonly sender: WebhookSender,
    private readonly settlement: DeliverySettlement,
    private readonly metrics: Metrics,
  ) {
    // A share of successes can be told only where nought of them is said to be nought.
    metrics.paymentsWebhookAttemptsTotal.inc({ outcome: 'delivered' }, 0);
  }

  /** Never throws: what cannot be written down is sent again once its lease has ended. */
  async make(
    due: DueDelivery,
    secrets: readonly SigningSecret[],
    stopping: AbortSignal,
  ): Promise<void> {
    try {
      const sent = await this.sender.send({ ...due, secrets }, stopping);
      this.count(due, sent, await this.settlement.settle(due, sent));
    } catch (err) {
      if (stopping.aborted) {
        await this.queue.release(due).catch(() => undefined);
        return;
      }
      this.logger.warn({ err, deliveryId: due.deliveryId }, 'a webhook will be sent again');
    }
  }

  private count(due: DueDelivery, sent: Sent, consequence: Consequence | null): void {
    this.metrics.paymentsWebhookAttemptsTotal.inc({ outcome: sent.outcome });
    this.metrics.paymentsWebhookAttemptDurationSeconds.observe(sent.durationMs / 1_000);
    if (consequence === null) return;
    if (consequence.delivery.status === 'given_up') this.metrics.paymentsWebhookGivenUpTotal.inc();
    if (consequence.endpoint.do === 'disable') {
      const { reason } = consequence.endpoint;
      this.logger.warn({ endpointId: due.endpointId, reason }, 'a webhook endpoint is disabled');
    }
  }
}
