import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { transactionStream } from '../domain/transaction-id.js';
import { transactionAggregate } from '../domain/transaction.js';
import { LoadTransaction, type TransactionSoFar } from './load-transaction.query.js';

@QueryHandler(LoadTransaction)
export class LoadTransactionHandler implements IQueryHandler<LoadTransaction> {
  constructor(private readonly runner: CommandRunner) {}

  async execute({ transactionId }: LoadTransaction): Promise<TransactionSoFar | null> {
    const { state } = await this.runner.load(
      transactionStream(transactionId),
      transactionAggregate,
    );
    return state.status === 'none' ? null : state;
  }
}
