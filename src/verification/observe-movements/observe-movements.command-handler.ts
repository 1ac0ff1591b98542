import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { uuidFrom } from '../../kernel/ids.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { observe } from '../domain/slot.decisions.js';
import { slotAggregate, slotStream } from '../domain/slot.js';
import { ObserveMovements } from './observe-movements.command.js';

@CommandHandler(ObserveMovements)
export class ObserveMovementsHandler implements ICommandHandler<ObserveMovements> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
  ) {}

  async execute({ slot, rows, askId, context }: ObserveMovements): Promise<void> {
    await this.runner.run({
      streamName: slotStream(slot),
      aggregate: slotAggregate,
      // The rows are part of the name: two halves of one answer must not pass for a repeat of each other.
      commandId: uuidFrom(
        'observe_movements',
        slot,
        askId,
        ...rows.map((row) => row.movementKey).sort(),
      ),
      context,
      decide: (state) => observe(state, { slot, rows, askId, now: this.clock.now() }),
    });
  }
}
