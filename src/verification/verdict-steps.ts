import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { assertNever } from '../kernel/assert.js';
import { RuleViolation } from '../kernel/rejection.js';
import { slotOf, type Movement, type SlotScope } from '../matching/movement.js';
import { toObserved } from '../matching/observed-movement.js';
import {
  RecordVerification,
  type VerificationStep,
} from '../transactions/record-verification/record-verification.command.js';
import type { Step } from './domain/verification.process.js';
import { MovementBinder } from './movement-binder.js';
import { ObserveMovements } from './observe-movements/observe-movements.command.js';
import { SeenRows } from './seen-rows.js';
import { VerdictMeter } from './verdict-meter.js';
import { verifierContext } from './verifier-context.js';

/** What steps follow from: an ask, a sweep, or the look at a claim before either. */
export interface Cause {
  /** A sweep has none until one of its rows matches; then its account's name stands here. */
  readonly transactionId: string;
  readonly askId: string;
  readonly scope: SlotScope;
  /** How many corrections of the claim the match knew of. */
  readonly correctionsSeen?: number;
}

/** Carries out what the process decided. */
@Injectable()
export class VerdictSteps {
  private readonly logger = new Logger('VerdictSteps');
  private readonly seen = new SeenRows();

  constructor(
    private readonly commands: CommandBus,
    private readonly binder: MovementBinder,
    private readonly meter: VerdictMeter,
  ) {}

  /** Writes down the rows of an answer, each in its slot; what finance later finds unclaimed begins here. */
  async observe(rows: readonly Movement[], { transactionId, askId, scope }: Cause): Promise<void> {
    const context = verifierContext(transactionId, askId);
    const unseen = rows
      .map((row) => ({ slot: slotOf(row, scope), row: toObserved(row) }))
      .filter(({ slot, row }) => !this.seen.has(slot, row));
    for (const slot of new Set(unseen.map((one) => one.slot))) {
      const inSlot = unseen.filter((one) => one.slot === slot).map(({ row }) => row);
      await this.commands.execute(new ObserveMovements(slot, inSlot, askId, context));
      for (const row of inSlot) this.seen.add(slot, row);
    }
  }

  /** A step that is refused is one that came too late: the transaction moved on, and what it did stands. */
  async take(steps: readonly Step[], cause: Cause): Promise<void> {
    for (const step of steps) {
      try {
        await this.takeOne(step, cause);
      } catch (error) {
        if (!(error instanceof RuleViolation)) throw error;
        const { transactionId } = cause;
        this.logger.log({ transactionId, code: error.rejection.code }, 'step came too late');
      }
    }
  }

  private async takeOne(step: Step, cause: Cause): Promise<void> {
    switch (step.do) {
      case 'propose':
        return this.binder.bind(cause.transactionId, {
          movement: toObserved(step.movement),
          slot: slotOf(step.movement, cause.scope),
          askId: cause.askId,
          correctionsSeen: cause.correctionsSeen ?? 0,
        });
      case 'flag': {
        const { reason, candidates, note } = step;
        const flag = { reason, candidates: candidates.map(toObserved), note };
        return this.record({ step: 'flag_for_review', flag, because: cause.askId }, cause);
      }
      case 'expire':
        return this.record({ step: 'expire', because: cause.askId, sweep: step.sweep }, cause);
      default:
        return assertNever(step, 'a step of the process');
    }
  }

  private async record(
    step: VerificationStep,
    { transactionId, askId }: Pick<Cause, 'transactionId' | 'askId'>,
  ): Promise<void> {
    const context = verifierContext(transactionId, askId);
    this.meter.count(
      await this.commands.execute(new RecordVerification(transactionId, step, context)),
    );
  }
}
