import { Injectable } from '@nestjs/common';
import { RandomSource } from '../../kernel/ids.js';
import { retryTermsOf, WebhooksConfig } from '../webhooks.config.js';
import { DeliveryQueue, type DueDelivery } from './delivery-queue.store.js';
import { EndpointDisabling } from './endpoint-disabling.js';
import { afterAttempt, type Consequence, type RetryTerms } from './webhook-schedule.js';
import type { Sent } from './webhook-sender.js';

const JITTER_BYTES = 4;

/** Writes down what a try came to, and what follows for the delivery and for its endpoint: all of it or nothing. */
@Injectable()
export class DeliverySettlement {
  private readonly terms: RetryTerms;

  constructor(
    private readonly queue: DeliveryQueue,
    private readonly disabling: EndpointDisabling,
    private readonly random: RandomSource,
    config: WebhooksConfig,
  ) {
    this.terms = retryTermsOf(config);
  }

  /** What followed; null when another process has it in hand by now. */
  async settle(due: DueDelivery, sent: Sent): Promise<Consequence | null> {
    const jitter = this.random.bytes(JITTER_BYTES).readUInt32BE() / 2 ** (8 * JITTER_BYTES);
    const consequence = afterAttempt(sent, due, this.terms, jitter);
    const { endpoint } = consequence;
    const isSettled = await this.queue.inTransaction(async (tx) => {
      if (!(await this.queue.settle(tx, due, { record: sent, consequence }))) return false;
      if (endpoint.do === 'disable') await this.disabling.disable(tx, due, endpoint.reason);
      return true;
    });
    return isSettled ? consequence : null;
  }
}
