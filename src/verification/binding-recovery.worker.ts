import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { RuleViolation } from '../kernel/rejection.js';
import { LeftOpen } from './left-open.store.js';
import { Repairs } from './repairs.js';
import type { Worker } from '../platform/workers/worker.js';
import { VerificationConfig } from './verification.config.js';

const LOOK_EVERY_MS = 1_000;

/** Finishes, from the log, what was begun and left: bindings, asks nobody answers, movements owed back. */
@Injectable()
export class BindingRecoveryWorker implements Worker {
  readonly name = 'binding-recovery';
  readonly role = 'verifier';
  readonly everyMs = LOOK_EVERY_MS;
  private readonly logger = new Logger('BindingRecoveryWorker');

  constructor(
    private readonly leftOpen: LeftOpen,
    private readonly repairs: Repairs,
    private readonly clock: Clock,
    private readonly config: VerificationConfig,
  ) {}

  /** Always `idle`: what a round left over is found again a second later, when the queue knows of this round. */
  async run(signal: AbortSignal): Promise<'idle'> {
    const now = this.clock.now();
    const stale = new Date(now.getTime() - this.config.proposalStaleMs);
    const [asks, bindings, releases, sweeps] = await Promise.all([
      this.leftOpen.withOverdueAsk(now),
      this.leftOpen.withProposalBefore(stale),
      this.leftOpen.owingRelease(),
      this.leftOpen.overdueSweeps(now),
    ]);
    const work = [
      ...bindings.map((id) => () => this.repairs.finishBinding(id)),
      ...asks.map(
        ({ transactionId, askId }) =>
          () =>
            this.repairs.closeAsk(transactionId, askId),
      ),
      ...sweeps.map((sweep) => () => this.repairs.closeSweep(sweep)),
      ...releases.map((watch) => () => this.repairs.release(watch)),
    ];
    for (const repair of work) {
      if (signal.aborted) break;
      await this.attempt(repair);
    }
    return 'idle';
  }

  /** One repair that fails keeps no other from being done. */
  private async attempt(repair: () => Promise<void>): Promise<void> {
    try {
      await repair();
    } catch (error) {
      // Refused means that somebody else was faster, which is as good.
      if (!(error instanceof RuleViolation)) this.logger.warn({ err: error }, 'repair failed');
    }
  }
}
