import { Command } from '@nestjs/cqrs';
import type { CommandContext } from '../../platform/event-store/command-runner.js';

export interface MovementRelease {
  readonly slot: string;
  readonly movementKey: string;
  readonly transactionId: string;
  /** The proposal whose binding is taken back; a newer one stays. */
  readonly proposalId: string;
  readonly reason: string;
  /** The person who took the verdict back. */
  readonly releasedBy: string;
}

/**
 * Lets go of a movement that a person's decision took from its transaction. A repeat changes nothing.
 * @throws StreamConflict         the slot is contended
 * @throws EventStoreUnavailable
 */
export class ReleaseMovement extends Command<void> {
  constructor(
    readonly release: MovementRelease,
    readonly context: CommandContext,
  ) {
    super();
  }
}
