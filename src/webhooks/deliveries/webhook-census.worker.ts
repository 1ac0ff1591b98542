import { Injectable } from '@nestjs/common';
import { Metrics } from '../../platform/metrics/metrics.js';
import type { Worker } from '../../platform/workers/worker.js';
import { DeliveryQueue } from './delivery-queue.store.js';

/** Counts the messages that wait, whoever delivers them. */
@Injectable()
export class WebhookCensusWorker implements Worker {
  readonly name = 'webhook-census';
  readonly role = 'notifier';
  readonly everyMs = 5_000;

  constructor(
    private readonly queue: DeliveryQueue,
    private readonly metrics: Metrics,
  ) {}

  async run(): Promise<'idle'> {
    const { pending, oldestSeconds } = await this.queue.census();
    this.metrics.paymentsWebhookPending.set(pending);
    this.metrics.paymentsWebhookOldestPendingAgeSeconds.set(oldestSeconds);
    return 'idle';
  }
}
