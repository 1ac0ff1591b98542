import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { assert } from '../../kernel/assert.js';
import { EventStore } from '../../platform/event-store/event-store.js';
import type { TransactionEvent } from '../../transactions/events/transaction.event.js';
import {
  ExplainTransaction,
  type TransactionExplained,
} from '../../transactions/explain-transaction/explain-transaction.query.js';
import { GetTransaction } from '../../transactions/get-transaction/get-transaction.query.js';
import { AccountSweeps, type SweepTold } from '../account-sweeps.store.js';
import { asksTold, type AskTold } from '../domain/asks-told.js';
import type { Outlook } from '../domain/outlook.js';
import { watch, type Watch } from '../domain/watch.js';
import { Foresight } from './foresight.js';

const MOST_ASKS = 50;

@QueryHandler(ExplainTransaction)
export class ExplainTransactionHandler implements IQueryHandler<ExplainTransaction> {
  constructor(
    private readonly queries: QueryBus,
    private readonly store: EventStore,
    private readonly foresight: Foresight,
    private readonly sweeps: AccountSweeps,
  ) {}

  async execute({ transactionId, caller }: ExplainTransaction): Promise<TransactionExplained> {
    // Refused there when it is not the caller's: who may see what is not for this context to say.
    const { id, status, status_reason } = await this.queries.execute(
      new GetTransaction(transactionId, caller),
    );
    const stored = await this.store.readStream(`transaction-${transactionId}`);
    const events = stored.map(({ type, data }) => ({ type, data }) as TransactionEvent);
    const state = events.reduce<Watch | null>(watch, null);
    assert(state !== null, 'a transaction that was found was submitted');
    const asks = asksTold(events);
    return {
      id,
      status,
      status_reason,
      asks_total: asks.length,
      asks: asks.slice(-MOST_ASKS).map(toldAsk),
      sweeps: (await this.sweeps.covering(state)).map(toldSweep),
      ...toldOutlook(await this.foresight.of(state)),
      match_until: state.standing === 'expired' ? state.claim.matchUntil : null,
    };
  }
}

const toldAsk = (ask: AskTold): TransactionExplained['asks'][number] => ({
  ask_id: ask.askId,
  asked_on: ask.askedOn,
  started_at: ask.startedAt,
  answered_at: ask.answeredAt,
  outcome: ask.outcome,
  bank_code: ask.bankCode,
  movements: ask.movements,
});

const toldSweep = (sweep: SweepTold): TransactionExplained['sweeps'][number] => ({
  sweep_id: sweep.sweepId,
  from: sweep.from,
  to: sweep.to,
  started_at: sweep.startedAt.toISOString(),
  answered_at: sweep.answeredAt?.toISOString() ?? null,
  outcome: sweep.outcome,
  movements: sweep.movements,
});

const toldOutlook = ({ action, at, about, ahead, ...when }: Outlook) => ({
  next: { action, at: at?.toISOString() ?? null, about },
  ahead,
  expected_at: when.expectedAt?.toISOString() ?? null,
  held_by: when.heldBy,
  expected_verdict_at: when.verdictAt?.toISOString() ?? null,
  latest_at: when.latestAt?.toISOString() ?? null,
});
