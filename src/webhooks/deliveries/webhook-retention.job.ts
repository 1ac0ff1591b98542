import { Injectable } from '@nestjs/common';
import type { Job } from '../../platform/jobs/job.js';
import { WebhooksConfig } from '../webhooks.config.js';
import { WebhookRetention } from './webhook-retention.store.js';

const HOUR_MS = 3_600_000;

/** Gives up what waited too long for endpoints that are paused, and deletes what was kept long enough. */
@Injectable()
export class WebhookRetentionJob implements Job {
  readonly name = 'webhook-retention';
  readonly summary =
    'Deletes webhook messages after WEBHOOK_KEPT_DAYS; ends waiting for paused ones.';
  readonly everyMs = HOUR_MS;

  constructor(
    private readonly retention: WebhookRetention,
    private readonly config: WebhooksConfig,
  ) {}

  async run(signal: AbortSignal): Promise<string> {
    const { keptDays, pausedKeptDays } = this.config;
    const { retention } = this;
    const all = async (step: () => Promise<number>): Promise<number> => {
      let total = 0;
      while (!signal.aborted) {
        const done = await step();
        total += done;
        if (done === 0) break;
      }
      return total;
    };
    const givenUp = await all(() => retention.giveUpPaused(pausedKeptDays));
    const deliveries = await all(() => retention.deleteEnded(keptDays));
    const messages = await all(() => retention.deleteMessages(keptDays));
    return `gave up ${givenUp}, deleted ${deliveries} deliveries and ${messages} messages`;
  }
}
