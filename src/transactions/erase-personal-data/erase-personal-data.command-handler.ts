import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assert } from '../../kernel/assert.js';
import { Clock } from '../../kernel/clock.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { PersonalDataVault } from '../../platform/personal-data/personal-data.js';
import { erase } from '../domain/erasure.decisions.js';
import { transactionStream } from '../domain/transaction-id.js';
import { transactionAggregate } from '../domain/transaction.js';
import { ownOrNotFound } from '../get-transaction/own-transaction.js';
import { idempotentCommand } from '../idempotent-command.js';
import { ErasePersonalData, type Erasure } from './erase-personal-data.command.js';

@CommandHandler(ErasePersonalData)
export class ErasePersonalDataHandler implements ICommandHandler<ErasePersonalData> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly vault: PersonalDataVault,
    private readonly clock: Clock,
  ) {}

  async execute({ request, context }: ErasePersonalData): Promise<Erasure> {
    const { transactionId, caller, reason, idempotencyKey } = request;
    let keyIds: readonly string[] = [];
    const { state: transaction, appended } = await this.runner.run({
      streamName: transactionStream(transactionId),
      aggregate: transactionAggregate,
      ...idempotentCommand({
        caller,
        operation: 'erase',
        transactionId,
        idempotencyKey,
        content: { reason },
      }),
      context,
      decide: (state) => {
        const known = ownOrNotFound(state, caller);
        keyIds = known.payerKeyIds;
        return erase(known, { erasedBy: caller.actor, reason }, this.clock.now());
      },
    });
    assert(transaction.status !== 'none', 'only what exists is erased');
    // The event is the decision; what a crash leaves undone here, the read model of erased keys does from the log.
    await this.vault.erase(keyIds);
    return { transaction, replayed: !appended };
  }
}
