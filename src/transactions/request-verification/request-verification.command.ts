import { Command } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import type { SubmittedTransaction } from '../domain/transaction.js';

/** The transaction, and whether the wish was on record already or is being fulfilled. */
export interface VerificationHurried {
  readonly transaction: SubmittedTransaction;
  readonly replayed: boolean;
}

/** Has the bank asked about a claim of the caller's own before its others. Refusals arrive as `RuleViolation`. */
export class RequestVerification extends Command<VerificationHurried> {
  constructor(
    readonly request: {
      readonly transactionId: string;
      readonly caller: CallerIdentity;
      readonly idempotencyKey: string;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}
