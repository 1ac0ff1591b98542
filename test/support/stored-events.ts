import type { Event } from '../../src/kernel/event.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { transactionStream } from '../../src/transactions/domain/transaction-id.js';
import type { TransactionEvent } from '../../src/transactions/events/transaction.event.js';
import { anId } from './a-transaction.js';

// Positions are opaque: gaps keep code from counting with them.
const POSITION_STEP = 137n;

/** What happened to some transactions, as the log would hand it out. */
export class Log {
  private readonly revisions = new Map<string, bigint>();
  private position = 0n;

  /** The next event of a transaction. */
  next(event: TransactionEvent, transactionId = anId('transaction')): StoredEvent & Event {
    const streamName = transactionStream(transactionId);
    const revision = (this.revisions.get(streamName) ?? -1n) + 1n;
    this.revisions.set(streamName, revision);
    this.position += POSITION_STEP;
    return {
      eventId: anId(`${streamName} ${revision}`),
      ...event,
      metadata: {
        actor: 'api_key:1',
        requestId: 'request-1',
        $correlationId: 'request-1',
        $causationId: 'request-1',
        traceId: null,
        previousHash: null,
      },
      streamName,
      revision,
      position: this.position,
      preparePosition: this.position,
      recordedAt: new Date('2026-03-10T14:00:00.000Z'),
      hash: '',
    };
  }

  /** A whole history of one transaction. */
  all(
    history: readonly TransactionEvent[],
    transactionId = anId('transaction'),
  ): readonly StoredEvent[] {
    return history.map((event) => this.next(event, transactionId));
  }
}
