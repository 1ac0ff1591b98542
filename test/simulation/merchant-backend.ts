import type { CommandBus } from '@nestjs/cqrs';
import { RuleViolation } from '../../src/kernel/rejection.js';
import type { CommandContext } from '../../src/platform/event-store/command-runner.js';
import { CancelTransaction } from '../../src/transactions/cancel-transaction/cancel-transaction.command.js';
import { SubmitTransaction } from '../../src/transactions/submit-transaction/submit-transaction.command.js';
import type { Dice } from './dice.js';
import type { Plot } from './plots.js';
import type { VirtualTime } from './virtual-time.js';

const IMPATIENT_AFTER_MS = 5_000;

/** The way to some instance of the service, chosen by a balancer; null while none is up. */
export type Balancer = () => CommandBus | null;

/** One merchant's backend and one claim: submits until it is told, repeats itself now and then, may withdraw. */
export class MerchantBackend {
  /** The transactions that the service acknowledged, and whether it also acknowledged their withdrawal. */
  readonly acknowledged = new Map<string, { cancelled: boolean }>();
  private tries = 0;

  constructor(
    readonly plot: Plot,
    private readonly world: {
      readonly time: VirtualTime;
      readonly dice: Dice;
      readonly balancer: Balancer;
      /** Whether a transaction was given up, so that its claim may be made anew. */
      readonly isGivenUp: (transactionId: string) => boolean;
      /** Whether somebody changed it, so that what was first submitted says something else now. */
      readonly isChanged: (transactionId: string) => boolean;
      readonly blame: (what: string) => void;
    },
  ) {}

  start(): void {
    const { plot, world } = this;
    const startMs = world.time.monotonicMs();
    world.time.after(plot.atMs - startMs, () => void this.submit());
    // A merchant that lost its notes submits again, perhaps after the verdict.
    if (world.dice.chance(0.2)) {
      const againMs = plot.atMs + world.dice.delay(3_600_000);
      world.time.after(againMs - startMs, () => void this.submit());
    }
    if (plot.cancelledAtMs !== null) {
      world.time.after(plot.cancelledAtMs - startMs, () => void this.cancel());
    }
  }

  private async submit(): Promise<void> {
    const bus = this.world.balancer();
    let isTold = false;
    // A process that dies never answers; its caller has a time-out.
    this.world.time.after(IMPATIENT_AFTER_MS, () => {
      if (!isTold) void this.submit();
    });
    if (bus === null) return;
    try {
      const { submission } = this.plot;
      const taken = await bus.execute(new SubmitTransaction(submission, this.context()));
      isTold = true;
      this.told(taken.transaction.claim.transactionId);
    } catch (error) {
      isTold = error instanceof RuleViolation;
      if (error instanceof RuleViolation && !this.isExplained(error)) {
        this.world.blame(`a claim is refused: ${error.rejection.code}`);
      }
    }
  }

  /** A claim that was corrected answers a repeat of its first words with a refusal that names it. */
  private isExplained({ rejection }: RuleViolation): boolean {
    const isChanged = [...this.acknowledged.keys()].some((id) => this.world.isChanged(id));
    return isChanged && rejection.code === 'duplicate_reference';
  }

  private told(transactionId: string): void {
    if (this.acknowledged.has(transactionId)) return;
    const other = [...this.acknowledged.keys()].find((id) => !this.world.isGivenUp(id));
    if (other !== undefined) this.world.blame(`${transactionId} and ${other} carry one claim`);
    this.acknowledged.set(transactionId, { cancelled: false });
  }

  private async cancel(): Promise<void> {
    const last = [...this.acknowledged].at(-1);
    const bus = this.world.balancer();
    if (last === undefined || bus === null) return;
    const [transactionId, known] = last;
    const { merchantId } = this.plot.submission;
    const caller = {
      actor: 'api_key:simulated',
      merchantId,
      mode: 'live' as const,
      permissions: new Set<string>(),
    };
    const request = { transactionId, caller, reason: null, idempotencyKey: 'cancel' };
    try {
      await bus.execute(new CancelTransaction(request, this.context()));
      known.cancelled = true;
    } catch {
      // Refused, since it was decided already or is being bound: the verdict stands.
    }
  }

  private context(): CommandContext {
    this.tries += 1;
    const requestId = `${this.plot.name} ${this.tries}`;
    return {
      actor: 'api_key:simulated',
      requestId,
      correlationId: requestId,
      causationId: requestId,
      traceId: null,
    };
  }
}
