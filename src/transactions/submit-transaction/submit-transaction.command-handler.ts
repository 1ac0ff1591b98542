import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { submit, type PayerIdentity } from '../domain/submission.decisions.js';
import { MAX_OCCURRENCE, occurrenceOf } from '../domain/transaction-id.js';
import type { TransactionDecision } from '../domain/transaction.guards.js';
import type { SubmittedTransaction, Transaction } from '../domain/transaction.js';
import type { TransactionSubmitted } from '../events/transaction-submitted.event.js';
import { ClaimAdmission } from './claim-admission.js';
import { claimOf } from './claim-of.js';
import { ClaimStreams } from './claim-streams.js';
import {
  SubmitTransaction,
  type Submission,
  type SubmissionTaken,
} from './submit-transaction.command.js';

/**
 * Nothing is read from the log and nothing from Postgres on the way of a new claim: merchants, accounts, terms and
 * data keys are at hand in memory, and the append itself says whether the stream exists.
 */
@CommandHandler(SubmitTransaction)
export class SubmitTransactionHandler implements ICommandHandler<SubmitTransaction> {
  constructor(
    private readonly admission: ClaimAdmission,
    private readonly streams: ClaimStreams,
    private readonly metrics: Metrics,
  ) {}

  async execute({ submission, context, admitted }: SubmitTransaction): Promise<SubmissionTaken> {
    const particulars = admitted ?? (await this.admission.admit(submission));
    const first = await this.firstOccurrence(submission);
    for (let occurrence = first; occurrence <= MAX_OCCURRENCE; occurrence += 1) {
      const claim = claimOf(submission, particulars, occurrence);
      const taken = await this.take(claim, submission.payer, context);
      if (taken !== 'given_up') return taken;
    }
    throw new RuleViolation(reject('too_many_occurrences'));
  }

  private async firstOccurrence(submission: Submission): Promise<number> {
    const { distinctFrom } = submission;
    if (distinctFrom === null) return 0;
    const predecessor = occurrenceOf(submission, distinctFrom);
    if (predecessor === null) throw new RuleViolation(reject('distinct_from_unrelated'));
    if (!(await this.streams.exists(distinctFrom))) {
      throw new RuleViolation(reject('distinct_from_unrelated'));
    }
    return predecessor + 1;
  }

  private async judgeAgain(
    recorded: SubmittedTransaction,
    claim: TransactionSubmitted,
    payer: PayerIdentity,
  ): Promise<TransactionDecision> {
    const recordedPayer = await this.admission.payerData(recorded);
    return submit(recorded, { claim, payer, recordedPayer });
  }

  /** One try under one id; `given_up` when the claim that is there was cancelled or rejected. */
  private async take(
    claim: TransactionSubmitted,
    payer: PayerIdentity,
    context: CommandContext,
  ): Promise<SubmissionTaken | 'given_up'> {
    const judge = (recorded: Transaction) =>
      // Of a new claim nothing is recorded yet, and most claims are new.
      recorded.status === 'none'
        ? submit(recorded, { claim, payer, recordedPayer: null })
        : this.judgeAgain(recorded, claim, payer);
    const taken = await this.streams.take(claim.transactionId, judge, context);
    const { bank, type } = claim;
    if (taken === 'given_up') return taken;
    if (taken.replayed) this.metrics.submissionsReplayed.inc();
    else this.metrics.transactionsTotal.inc({ status: 'pending', bank, type });
    return taken;
  }
}
