import { Command } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import type { SubmittedTransaction } from '../domain/transaction.js';

/** The transaction after it was withdrawn, and whether that had happened before. */
export interface Cancellation {
  readonly transaction: SubmittedTransaction;
  readonly replayed: boolean;
}

/** Withdraws a claim of the caller's own. Refusals arrive as `RuleViolation`. */
export class CancelTransaction extends Command<Cancellation> {
  constructor(
    readonly request: {
      readonly transactionId: string;
      readonly caller: CallerIdentity;
      readonly reason: string | null;
      readonly idempotencyKey: string;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}
