import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assert } from '../../kernel/assert.js';
import { Clock } from '../../kernel/clock.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { transactionStream } from '../domain/transaction-id.js';
import { transactionAggregate } from '../domain/transaction.js';
import { RecordVerification, type VerificationRecorded } from './record-verification.command.js';
import { decideStep, stepId } from './verification-step.js';

@CommandHandler(RecordVerification)
export class RecordVerificationHandler implements ICommandHandler<RecordVerification> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
  ) {}

  async execute({
    transactionId,
    step,
    context,
  }: RecordVerification): Promise<VerificationRecorded> {
    const result = await this.runner.run({
      streamName: transactionStream(transactionId),
      aggregate: transactionAggregate,
      commandId: stepId(transactionId, step),
      context,
      decide: (state) => decideStep(state, step, this.clock.now()),
    });
    const { state: transaction, ...rest } = result;
    assert(transaction.status !== 'none', 'a step is only accepted for a transaction that exists');
    return { transaction, ...rest };
  }
}
