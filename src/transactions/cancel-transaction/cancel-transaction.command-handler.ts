import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assert } from '../../kernel/assert.js';
import { Clock } from '../../kernel/clock.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { cancel } from '../domain/closing.decisions.js';
import { transactionStream } from '../domain/transaction-id.js';
import { transactionAggregate } from '../domain/transaction.js';
import { ownOrNotFound } from '../get-transaction/own-transaction.js';
import { idempotentCommand } from '../idempotent-command.js';
import { CancelTransaction, type Cancellation } from './cancel-transaction.command.js';

@CommandHandler(CancelTransaction)
export class CancelTransactionHandler implements ICommandHandler<CancelTransaction> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  async execute({ request, context }: CancelTransaction): Promise<Cancellation> {
    const { transactionId, caller, reason, idempotencyKey } = request;
    const { state: transaction, appended } = await this.runner.run({
      streamName: transactionStream(transactionId),
      aggregate: transactionAggregate,
      ...idempotentCommand({
        caller,
        operation: 'cancel',
        transactionId,
        idempotencyKey,
        content: { reason },
      }),
      context,
      decide: (state) =>
        cancel(
          ownOrNotFound(state, caller),
          { cancelledBy: caller.actor, reason },
          this.clock.now(),
        ),
    });
    assert(transaction.status !== 'none', 'only what exists is cancelled');
    const { bank, type } = transaction.claim;
    if (appended) this.metrics.transactionsTotal.inc({ status: 'cancelled', bank, type });
    return { transaction, replayed: !appended };
  }
}
