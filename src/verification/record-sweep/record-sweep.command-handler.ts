import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertNever } from '../../kernel/assert.js';
import { Clock } from '../../kernel/clock.js';
import { uuidFrom } from '../../kernel/ids.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import {
  closeUnansweredSweep,
  recordSweep,
  startSweep,
  sweepsAggregate,
  sweepStream,
  type Sweeps,
} from '../domain/sweeps.js';
import { RecordSweep, type SweepStep } from './record-sweep.command.js';

@CommandHandler(RecordSweep)
export class RecordSweepHandler implements ICommandHandler<RecordSweep> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
  ) {}

  async execute({ origin, step, context }: RecordSweep): Promise<Date> {
    const now = this.clock.now();
    await this.runner.run({
      streamName: sweepStream(origin.receivingAccountId, origin.startedAt),
      aggregate: sweepsAggregate,
      commandId: uuidFrom('record_sweep', ...distinction(step)),
      context,
      decide: (sweeps) => decide(sweeps, step, now),
    });
    return now;
  }
}

function decide(sweeps: Sweeps, step: SweepStep, now: Date) {
  switch (step.step) {
    case 'start':
      return startSweep(sweeps, step.sweep, now);
    case 'answer':
      return recordSweep(sweeps, step.answer, now);
    case 'close_unanswered':
      return closeUnansweredSweep(sweeps, step, now);
    default:
      return assertNever(step, 'a step of a sweep');
  }
}

/** Two outcomes of one sweep are no repeat of each other. */
function distinction(step: SweepStep): readonly string[] {
  switch (step.step) {
    case 'start':
      return ['start', step.sweep.sweepId];
    case 'answer':
      return ['answer', step.answer.sweepId, step.answer.outcome];
    case 'close_unanswered':
      return ['close', step.sweepId];
    default:
      return assertNever(step, 'a step of a sweep');
  }
}
