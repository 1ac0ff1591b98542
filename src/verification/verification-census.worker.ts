import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Metrics } from '../platform/metrics/metrics.js';
import type { Worker } from '../platform/workers/worker.js';
import { VerificationQueue } from './verification-queue.store.js';

const COUNT_EVERY_MS = 5_000;

/** Counts the claims that wait for a verdict, whoever settles them. */
@Injectable()
export class VerificationCensusWorker implements Worker {
  readonly name = 'verification-census';
  readonly role = 'verifier';
  readonly everyMs = COUNT_EVERY_MS;

  constructor(
    private readonly queue: VerificationQueue,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<'idle'> {
    const now = this.clock.now();
    const { pending, oldestSubmittedAt } = await this.queue.census();
    const ageMs = oldestSubmittedAt === null ? 0 : now.getTime() - oldestSubmittedAt.getTime();
    this.metrics.transactionsInProgress.set(pending);
    this.metrics.paymentsOldestPendingAgeSeconds.set(Math.max(0, ageMs / 1_000));
    return 'idle';
  }
}
