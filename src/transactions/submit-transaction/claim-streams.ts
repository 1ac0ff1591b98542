import { Injectable } from '@nestjs/common';
import { assert } from '../../kernel/assert.js';
import { RandomSource } from '../../kernel/ids.js';
import { RuleViolation } from '../../kernel/rejection.js';
import { CommandRunner, type CommandContext } from '../../platform/event-store/command-runner.js';
import { ClaimedKeys } from '../correct-transaction/claimed-keys.js';
import { transactionStream } from '../domain/transaction-id.js';
import { transactionAggregate, type Transaction } from '../domain/transaction.js';
import type { TransactionDecision } from '../domain/transaction.guards.js';
import type { SubmissionTaken } from './submit-transaction.command.js';

/** Judges a claim against what is recorded under its id. */
type Judge = (recorded: Transaction) => TransactionDecision | Promise<TransactionDecision>;

/** Takes claims under the ids that their natural keys give. */
@Injectable()
export class ClaimStreams {
  constructor(
    private readonly runner: CommandRunner,
    private readonly keys: ClaimedKeys,
    private readonly random: RandomSource,
  ) {}

  async exists(transactionId: string): Promise<boolean> {
    const stream = transactionStream(transactionId);
    return (await this.runner.load(stream, transactionAggregate)).revision !== null;
  }

  /** One try under one id; `given_up` when the claim that is there was cancelled or rejected. */
  async take(
    transactionId: string,
    judge: Judge,
    context: CommandContext,
  ): Promise<SubmissionTaken | 'given_up'> {
    try {
      const { state, appended } = await this.runner.run({
        streamName: transactionStream(transactionId),
        aggregate: transactionAggregate,
        // Fresh for every request: under one command id the store would take other content for a repeat.
        commandId: this.random.uuid(),
        context,
        assumeNew: true,
        decide: judge,
      });
      assert(state.status !== 'none', 'an accepted claim exists');
      return { transaction: state, replayed: !appended };
    } catch (error) {
      if (!(error instanceof RuleViolation)) throw error;
      const { code } = error.rejection;
      if (code === 'predecessor_closed') return 'given_up';
      if (code === 'key_reserved') return this.takeCorrected(transactionId, judge);
      throw error;
    }
  }

  /** The key belongs to a claim that was corrected to it: that one is the transaction, or is in the way. */
  private async takeCorrected(
    reservedKey: string,
    judge: Judge,
  ): Promise<SubmissionTaken | 'given_up'> {
    const transaction = await this.keys.holderOf(reservedKey);
    if (transaction === null) return 'given_up';
    const decision = await judge(transaction);
    if (decision.outcome === 'rejected') throw new RuleViolation(decision);
    return { transaction, replayed: true };
  }
}
