import { Command } from '@nestjs/cqrs';
import type { ObservedMovement } from '../../matching/observed-movement.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';

/**
 * Writes down the rows of one slot that were not seen before. The same rows again write nothing.
 * @throws StreamConflict         the slot is contended
 * @throws EventStoreUnavailable
 */
export class ObserveMovements extends Command<void> {
  constructor(
    readonly slot: string,
    readonly rows: readonly ObservedMovement[],
    readonly askId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}
