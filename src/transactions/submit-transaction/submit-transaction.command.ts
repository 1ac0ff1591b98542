import { Command } from '@nestjs/cqrs';
import type { LocalDate } from '../../kernel/local-date.js';
import type { Currency } from '../../kernel/money.js';
import type { PaymentKind } from '../../matching/payment-claim.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import type { PayerData } from '../../platform/personal-data/personal-data.js';
import type { SubmittedTransaction } from '../domain/transaction.js';
import type { Particulars } from './particulars.js';

/** A claim in our words, read and normalised. */
export interface Submission {
  readonly merchantId: string;
  readonly mode: 'live' | 'test';
  readonly externalId: string;
  readonly kind: PaymentKind;
  readonly type: 'payment' | 'commission' | 'other';
  readonly receivingAccountId: string;
  readonly originBank: string;
  /** Digits as typed. */
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly paidOn: LocalDate;
  readonly payer: PayerData;
  /** An earlier transaction with the same key that this payment is not. */
  readonly distinctFrom: string | null;
}

/** The transaction that carries the claim, and whether it did so before. */
export interface SubmissionTaken {
  readonly transaction: SubmittedTransaction;
  readonly replayed: boolean;
}

/** Takes a merchant's claim, once. Refusals arrive as `RuleViolation`. */
export class SubmitTransaction extends Command<SubmissionTaken> {
  constructor(
    readonly submission: Submission,
    readonly context: CommandContext,
    /** Where many are admitted together before they are submitted. */
    readonly admitted: Particulars | null = null,
  ) {
    super();
  }
}
