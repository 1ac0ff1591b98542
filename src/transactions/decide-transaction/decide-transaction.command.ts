import { Command } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import type { SubmittedTransaction } from '../domain/transaction.js';

/** What a person may decide about a transaction. */
export type PersonsChoice =
  | { readonly act: 'verify'; readonly movementKey: string }
  | { readonly act: 'reject' }
  | { readonly act: 'ask_again' }
  | { readonly act: 'reverse' }
  | { readonly act: 'reopen' };

/** The transaction after the decision, and whether it had been taken before. */
export interface Decided {
  readonly transaction: SubmittedTransaction;
  readonly replayed: boolean;
}

/**
 * Takes a person's decision, made on the version that was seen. Refusals arrive as `RuleViolation`; a movement that
 * turns out to be bound elsewhere is one of them.
 */
export class DecideTransaction extends Command<Decided> {
  constructor(
    readonly request: {
      readonly transactionId: string;
      readonly caller: CallerIdentity;
      readonly choice: PersonsChoice;
      readonly reason: string;
      readonly seenVersion: number;
      readonly idempotencyKey: string;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}
