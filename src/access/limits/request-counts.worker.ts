import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Worker } from '../../platform/workers/worker.js';
import { CountsUnavailable, RequestCounts } from './request-counts.port.js';
import { RequestLimits } from './request-limits.js';

const FORGET_EVERY_MS = 60_000;
// Longer than the longest window that can be configured.
const KEPT_MS = 2 * 100_000_000;

/** Brings the counts of all instances together, once a second. */
@Injectable()
export class RequestCountsWorker implements Worker {
  readonly name = 'request-counts';
  readonly role = 'api';
  readonly everyMs = 1_000;

  private forgotAtMs = -Infinity;

  constructor(
    private readonly limits: RequestLimits,
    private readonly store: RequestCounts,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<'idle'> {
    try {
      await this.exchange();
    } catch (error) {
      // Told and counted by the store; each instance counts alone until the next time.
      if (!(error instanceof CountsUnavailable)) throw error;
    }
    return 'idle';
  }

  private async exchange(): Promise<void> {
    await this.limits.exchange();
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.forgotAtMs >= FORGET_EVERY_MS) {
      this.forgotAtMs = nowMs;
      await this.store.forget(new Date(this.clock.now().getTime() - KEPT_MS));
    }
  }
}
