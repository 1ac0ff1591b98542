import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { accept } from '../../kernel/rejection.js';
import { CommandRunner, type CommandContext } from '../../platform/event-store/command-runner.js';
import { correct, refuseCorrection } from '../domain/correction.decisions.js';
import { transactionStream } from '../domain/transaction-id.js';
import { transactionAggregate, type SubmittedTransaction } from '../domain/transaction.js';
import type { TransactionDecision } from '../domain/transaction.guards.js';
import { ownOrNotFound } from '../get-transaction/own-transaction.js';
import { idempotentCommand } from '../idempotent-command.js';
import { ClaimAdmission } from '../submit-transaction/claim-admission.js';
import { deadlinesOf } from '../submit-transaction/claim-of.js';
import { amendedClaim, saysTheSame } from './amended-claim.js';
import { ClaimedKeys } from './claimed-keys.js';
import { CorrectTransaction, type Corrected } from './correct-transaction.command.js';

/**
 * Two steps, since a correction may take a key of another stream: the key is reserved first, then the correction is
 * written. A crash between them leaves a key that nobody uses, which a repeat finds and others may pass over.
 */
@CommandHandler(CorrectTransaction)
export class CorrectTransactionHandler implements ICommandHandler<CorrectTransaction> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly admission: ClaimAdmission,
    private readonly keys: ClaimedKeys,
    private readonly clock: Clock,
  ) {}

  async execute({ request, context }: CorrectTransaction): Promise<Corrected> {
    const { transactionId, caller, idempotencyKey } = request;
    const { state, appended } = await this.runner.run({
      streamName: transactionStream(transactionId),
      aggregate: transactionAggregate,
      ...idempotentCommand({
        caller,
        operation: 'correct',
        transactionId,
        idempotencyKey,
        content: contentOf(request),
      }),
      context,
      decide: (seen) => this.decide(ownOrNotFound(seen, caller), request, context),
    });
    return { transaction: ownOrNotFound(state, caller), replayed: !appended };
  }

  private async decide(
    transaction: SubmittedTransaction,
    request: CorrectTransaction['request'],
    context: CommandContext,
  ): Promise<TransactionDecision> {
    const { amendment, seenVersion, reason, caller } = request;
    // Before a key is taken for nothing.
    const refusal = refuseCorrection(transaction, seenVersion, this.clock.now());
    if (refusal !== null) return refusal;
    const { claim } = transaction;
    const opened = await this.admission.payerData(transaction);
    const amended = amendedClaim(transaction, opened, amendment);
    if (saysTheSame(amended, transaction, opened)) return accept();
    const particulars = await this.admission.admit(amended);
    const reservedKey = await this.keys.reserve(amended, claim.transactionId, context);
    const { reference, originBank, paidOn, amountMinor } = amended;
    const words = { reference, originBank, paidOn, amountMinor, reservedKey };
    return correct(
      transaction,
      {
        ...words,
        ...deadlinesOf(particulars, originBank),
        // A payer that stays keeps its box, so that its erasure has one key to reach.
        payer: Object.keys(amendment.payer).length === 0 ? claim.payer : particulars.payer,
        correctedBy: caller.actor,
        reason,
        seenVersion,
      },
      this.clock.now(),
    );
  }
}

/** What was asked for without what it says of the payer: the record of the request knows that part for its time. */
function contentOf({ amendment, reason }: CorrectTransaction['request']) {
  const { reference = null, originBank = null, paidOn = null, amountMinor } = amendment.claim;
  return { reason, reference, originBank, paidOn, amountMinor: amountMinor?.toString() ?? null };
}
