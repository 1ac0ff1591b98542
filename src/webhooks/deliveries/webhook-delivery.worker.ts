import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { endsWithin } from '../../platform/workers/pause.js';
import type { Worker } from '../../platform/workers/worker.js';
import { EndpointSecrets } from '../endpoints/endpoint-secrets.store.js';
import { WebhooksConfig } from '../webhooks.config.js';
import { DeliveryAttempts } from './delivery-attempts.js';
import { DeliveryQueue } from './delivery-queue.store.js';

// Beyond the time of a try, so that what came of it can be written down before anybody else tries.
const LEASE_MARGIN_MS = 5_000;
// A process has ten seconds to stop, of which its workers have four.
const FINISH_WITHIN_MS = 2_500;
const BREAK_OFF_WITHIN_MS = 1_000;

/**
 * Brings what is due to its endpoints. It does not wait for what it has sent: a slow endpoint fills its own few places
 * and no others. What a killed process had in hand is sent again once its lease has ended, under the same id.
 */
@Injectable()
export class WebhookDeliveryWorker implements Worker, BeforeApplicationShutdown {
  readonly name = 'webhook-delivery';
  readonly role = 'notifier';
  readonly everyMs = 250;
  private readonly stopping = new AbortController();
  private readonly inHand = new Set<Promise<void>>();

  constructor(
    private readonly queue: DeliveryQueue,
    private readonly secrets: EndpointSecrets,
    private readonly attempts: DeliveryAttempts,
    private readonly config: WebhooksConfig,
  ) {}

  async run(signal: AbortSignal): Promise<'idle' | 'busy'> {
    const atMost = this.config.concurrency - this.inHand.size;
    if (atMost <= 0 || signal.aborted) return 'idle';
    const due = await this.queue.claim({
      atMost,
      perEndpoint: this.config.endpointConcurrency,
      leaseMs: this.config.timeoutMs + LEASE_MARGIN_MS,
    });
    if (due.length === 0) return 'idle';
    const secrets = await this.secrets.inForce(due.map(({ endpointId }) => endpointId));
    for (const delivery of due) {
      const own = secrets.get(delivery.endpointId) ?? [];
      const attempt = this.attempts.make(delivery, own, this.stopping.signal);
      this.inHand.add(attempt);
      void attempt.finally(() => this.inHand.delete(attempt));
    }
    return 'busy';
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (await endsWithin(FINISH_WITHIN_MS, Promise.all(this.inHand))) return;
    this.stopping.abort();
    await endsWithin(BREAK_OFF_WITHIN_MS, Promise.all(this.inHand));
  }
}
