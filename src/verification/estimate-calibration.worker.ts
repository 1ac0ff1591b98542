import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Metrics } from '../platform/metrics/metrics.js';
import type { Worker } from '../platform/workers/worker.js';
import { Foresight } from './explain-transaction/foresight.js';
import { VerificationQueue } from './verification-queue.store.js';

const LOOK_EVERY_MS = 5_000;
// A sample says as much as all of them, and each costs two statements.
const SAMPLED_AT_ONCE = 4;
const KEPT = 500;

/**
 * Holds what `/explain` foresees against what came: keeps the estimate of some claims while they are new, and measures
 * how far the verdict was from it. What a restart forgets is a sample, no more.
 */
@Injectable()
export class EstimateCalibrationWorker implements Worker {
  readonly name = 'estimate-calibration';
  readonly role = 'verifier';
  readonly everyMs = LOOK_EVERY_MS;
  /** Oldest first. */
  private readonly foreseen = new Map<string, Date>();

  constructor(
    private readonly queue: VerificationQueue,
    private readonly foresight: Foresight,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<'idle'> {
    await this.measure();
    await this.sample();
    return 'idle';
  }

  private async measure(): Promise<void> {
    const ids = [...this.foreseen.keys()];
    if (ids.length === 0) return;
    for (const { transactionId, watch } of await this.queue.settled(ids)) {
      const foreseenAt = this.foreseen.get(transactionId);
      this.foreseen.delete(transactionId);
      if (foreseenAt === undefined) continue;
      // Only a verification says when it came; other ends are as exact as the looks are frequent.
      const cameMs =
        watch.verifiedAt === null ? this.clock.now().getTime() : Date.parse(watch.verifiedAt);
      const lateMs = cameMs - foreseenAt.getTime();
      this.metrics.paymentsVerdictEstimateErrorSeconds.observe(lateMs / 1_000);
    }
  }

  private async sample(): Promise<void> {
    for (const watch of await this.queue.newest(SAMPLED_AT_ONCE)) {
      const { transactionId } = watch.claim;
      if (this.foreseen.has(transactionId)) continue;
      const { verdictAt } = await this.foresight.of(watch);
      if (verdictAt !== null) this.foreseen.set(transactionId, verdictAt);
    }
    for (const oldest of [...this.foreseen.keys()].slice(0, -KEPT)) this.foreseen.delete(oldest);
  }
}
