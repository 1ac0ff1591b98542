import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EventStore } from '../../platform/event-store/event-store.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { transactionStream } from '../domain/transaction-id.js';
import { evolve, initialState, type Transaction } from '../domain/transaction.js';
import type { TransactionEvent } from '../events/transaction.event.js';
import { ownOrNotFound } from '../get-transaction/own-transaction.js';
import { GetTransactionEvents } from './get-transaction-events.query.js';
import { historyOf, type TransactionHistory } from './transaction-history.js';

@QueryHandler(GetTransactionEvents)
export class GetTransactionEventsHandler implements IQueryHandler<GetTransactionEvents> {
  constructor(private readonly store: EventStore) {}

  async execute({ transactionId, caller }: GetTransactionEvents): Promise<TransactionHistory> {
    const stored = await this.store.readStream(transactionStream(transactionId));
    const events = stored as readonly (StoredEvent & TransactionEvent)[];
    ownOrNotFound(events.reduce<Transaction>(evolve, initialState), caller);
    return historyOf(events);
  }
}
