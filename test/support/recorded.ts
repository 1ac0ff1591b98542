import type { Event } from '../../src/kernel/event.js';
import type { EventStore } from '../../src/platform/event-store/event-store.js';
import { transactionStream } from '../../src/transactions/domain/transaction-id.js';
import { anId } from './a-transaction.js';
import { eventToAppend } from './event-to-append.js';

/** Writes a history into a store as the transaction's stream. */
export const recorded = (
  store: EventStore,
  history: readonly Event[],
  transactionId = anId('transaction'),
): Promise<void> => recordedIn(store, transactionStream(transactionId), history);

/** Writes a history into a store as a stream of its own; it may follow from something else than a request. */
export async function recordedIn(
  store: EventStore,
  streamName: string,
  history: readonly Event[],
  correlationId = 'request-1',
): Promise<void> {
  if (history.length === 0) return;
  await store.append(
    streamName,
    'no_stream',
    history.map((event, revision) =>
      eventToAppend({
        eventId: anId(`${streamName} ${revision}`),
        ...event,
        metadata: {
          actor: 'api_key:1',
          requestId: 'request-1',
          $correlationId: correlationId,
          $causationId: 'request-1',
          traceId: null,
          previousHash: null,
        },
      }),
    ),
  );
}
