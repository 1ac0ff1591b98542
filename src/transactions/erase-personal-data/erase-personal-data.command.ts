import { Command } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import type { SubmittedTransaction } from '../domain/transaction.js';

/** The transaction after the erasure, and whether it was erased before. */
export interface Erasure {
  readonly transaction: SubmittedTransaction;
  readonly replayed: boolean;
}

/** Erases what the payer of an ended claim told of himself. Refusals arrive as `RuleViolation`. */
export class ErasePersonalData extends Command<Erasure> {
  constructor(
    readonly request: {
      readonly transactionId: string;
      readonly caller: CallerIdentity;
      readonly reason: string;
      readonly idempotencyKey: string;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}
