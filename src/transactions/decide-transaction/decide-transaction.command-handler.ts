import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assert } from '../../kernel/assert.js';
import { Clock } from '../../kernel/clock.js';
import { uuidFrom } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { transactionStream } from '../domain/transaction-id.js';
import { transactionAggregate, type SubmittedTransaction } from '../domain/transaction.js';
import { ownOrNotFound } from '../get-transaction/own-transaction.js';
import { idempotentCommand } from '../idempotent-command.js';
import { DecideTransaction, type Decided } from './decide-transaction.command.js';
import { MovementBindings } from './movement-bindings.port.js';
import { decideChoice } from './persons-decision.js';

@CommandHandler(DecideTransaction)
export class DecideTransactionHandler implements ICommandHandler<DecideTransaction> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly bindings: MovementBindings,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  async execute({ request, context }: DecideTransaction): Promise<Decided> {
    const { transactionId, caller, choice, idempotencyKey, ...decision } = request;
    const named = idempotentCommand({
      caller,
      operation: `decide ${choice.act}`,
      transactionId,
      idempotencyKey,
      content: {
        movementKey: choice.act === 'verify' ? choice.movementKey : null,
        reason: decision.reason,
      },
    });
    const proposalId = uuidFrom('proposal', transactionId, named.commandId);
    const { state, appended } = await this.runner.run({
      streamName: transactionStream(transactionId),
      aggregate: transactionAggregate,
      ...named,
      context,
      decide: (seen) => {
        const now = this.clock.now();
        const deciding = { ...decision, by: caller.actor, choice, proposalId, now };
        return decideChoice(ownOrNotFound(seen, caller), deciding, this.bindings);
      },
    });
    const decided = ownOrNotFound(state, caller);
    if (appended && choice.act !== 'verify') this.count(decided);
    const transaction = choice.act === 'verify' ? await this.bound(decided, proposalId) : decided;
    return { transaction, replayed: !appended };
  }

  /** What was proposed is bound at once, or found to belong to another transaction. */
  private async bound(
    proposed: SubmittedTransaction,
    proposalId: string,
  ): Promise<SubmittedTransaction> {
    const { transactionId } = proposed.claim;
    const isOpen = proposed.binding?.proposalId === proposalId;
    const transaction = isOpen ? await this.finished(transactionId) : proposed;
    if (transaction.lastRefusedProposalId === proposalId) {
      throw new RuleViolation(reject('movement_already_bound'));
    }
    return transaction;
  }

  private async finished(transactionId: string): Promise<SubmittedTransaction> {
    await this.bindings.finish(transactionId);
    const stream = transactionStream(transactionId);
    const { state } = await this.runner.load(stream, transactionAggregate);
    assert(state.status !== 'none', 'a transaction that was decided exists');
    return state;
  }

  private count({ status, claim: { bank, type } }: SubmittedTransaction): void {
    this.metrics.transactionsTotal.inc({ status, bank, type });
  }
}
