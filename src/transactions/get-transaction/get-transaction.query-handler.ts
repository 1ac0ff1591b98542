import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { PersonalDataVault } from '../../platform/personal-data/personal-data.js';
import { transactionStream } from '../domain/transaction-id.js';
import { transactionAggregate } from '../domain/transaction.js';
import { GetTransaction } from './get-transaction.query.js';
import { ownOrNotFound } from './own-transaction.js';
import { detailOf, type TransactionDetail } from './transaction-detail.resource.js';

@QueryHandler(GetTransaction)
export class GetTransactionHandler implements IQueryHandler<GetTransaction> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly vault: PersonalDataVault,
  ) {}

  async execute({ transactionId, caller }: GetTransaction): Promise<TransactionDetail> {
    const stream = transactionStream(transactionId);
    const { state } = await this.runner.load(stream, transactionAggregate);
    const transaction = ownOrNotFound(state, caller);
    const { sealed } = transaction.claim.payer;
    return detailOf(transaction, sealed === null ? null : await this.vault.open(sealed));
  }
}
