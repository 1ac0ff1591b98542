import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { requestVerification } from '../domain/asking.decisions.js';
import { transactionStream } from '../domain/transaction-id.js';
import { transactionAggregate } from '../domain/transaction.js';
import { ownOrNotFound } from '../get-transaction/own-transaction.js';
import { idempotentCommand } from '../idempotent-command.js';
import { RequestVerification, type VerificationHurried } from './request-verification.command.js';

@CommandHandler(RequestVerification)
export class RequestVerificationHandler implements ICommandHandler<RequestVerification> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
  ) {}

  async execute({ request, context }: RequestVerification): Promise<VerificationHurried> {
    const { transactionId, caller, idempotencyKey } = request;
    const { state, appended } = await this.runner.run({
      streamName: transactionStream(transactionId),
      aggregate: transactionAggregate,
      ...idempotentCommand({
        caller,
        operation: 'request_verification',
        transactionId,
        idempotencyKey,
        content: {},
      }),
      context,
      decide: (seen) =>
        requestVerification(
          ownOrNotFound(seen, caller),
          { requestedBy: caller.actor },
          this.clock.now(),
        ),
    });
    return { transaction: ownOrNotFound(state, caller), replayed: !appended };
  }
}
