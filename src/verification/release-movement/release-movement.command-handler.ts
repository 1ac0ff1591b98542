import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { uuidFrom } from '../../kernel/ids.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { release } from '../domain/slot.decisions.js';
import { slotAggregate, slotStream } from '../domain/slot.js';
import { ReleaseMovement } from './release-movement.command.js';

@CommandHandler(ReleaseMovement)
export class ReleaseMovementHandler implements ICommandHandler<ReleaseMovement> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
  ) {}

  async execute({ release: taken, context }: ReleaseMovement): Promise<void> {
    await this.runner.run({
      streamName: slotStream(taken.slot),
      aggregate: slotAggregate,
      commandId: uuidFrom('release_movement', taken.slot, taken.movementKey, taken.proposalId),
      context,
      decide: (slot) => release(slot, { ...taken, now: this.clock.now() }),
    });
  }
}
