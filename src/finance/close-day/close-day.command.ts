import { Command } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import type { DayClosed } from '../events/day-closed.event.js';

/** The close, and whether the request had made it before. */
export interface ClosedDay {
  readonly close: DayClosed;
  readonly replayed: boolean;
}

/**
 * Closes an account's day on the figures of now, for somebody who saw a version of it. Refusals arrive as
 * `RuleViolation`.
 */
export class CloseDay extends Command<ClosedDay> {
  constructor(
    readonly request: {
      readonly caller: CallerIdentity;
      readonly receivingAccountId: string;
      readonly day: string;
      readonly reason: string;
      readonly acceptIncomplete: boolean;
      /** Null: whoever closes has seen no version. */
      readonly seenVersion: number | null;
      readonly idempotencyKey: string;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}
