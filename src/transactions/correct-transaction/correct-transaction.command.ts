import { Command } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import type { PayerIdentity } from '../domain/submission.decisions.js';
import type { SubmittedTransaction } from '../domain/transaction.js';
import type { Submission } from '../submit-transaction/submit-transaction.command.js';

/** Only what changes. */
export interface Amendment {
  readonly claim: Partial<Pick<Submission, 'reference' | 'originBank' | 'paidOn' | 'amountMinor'>>;
  readonly payer: Partial<PayerIdentity>;
}

/** The transaction with its claim amended, and whether it had been so before. */
export interface Corrected {
  readonly transaction: SubmittedTransaction;
  readonly replayed: boolean;
}

/** Amends a claim of the caller's own that no movement is bound to. Refusals arrive as `RuleViolation`. */
export class CorrectTransaction extends Command<Corrected> {
  constructor(
    readonly request: {
      readonly transactionId: string;
      readonly caller: CallerIdentity;
      readonly amendment: Amendment;
      readonly reason: string | null;
      readonly seenVersion: number;
      readonly idempotencyKey: string;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}
