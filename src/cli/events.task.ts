import { isUuid } from '../kernel/ids.js';
import { readConfiguration } from '../platform/config/config.js';
import { EventStoreConfig } from '../platform/config/config.schema.js';
import type { StoredEvent } from '../platform/event-store/stored-event.js';
import { EventStoreDbLogReader } from '../platform/event-store/eventstoredb.log-reader.js';
import { transactionStream } from '../transactions/domain/transaction-id.js';
import type { TransactionEvent } from '../transactions/events/transaction.event.js';
import { readableHistory } from './events/readable-history.js';
import { knownCodec } from './log/known-log.js';
import { UsageError, type Task } from './task.js';

// Far more than the asks of a claim that is matched for thirty days.
const MOST_EVENTS = 10_000n;

/** Exit code 1 when there is no such transaction. */
export const eventsTask: Task = {
  options: {},
  operand: 'transaction',
  async run({ transaction }) {
    const id = String(transaction).toLowerCase();
    if (!isUuid(id)) throw new UsageError('a transaction is named by its id, a UUID');
    const { url } = readConfiguration([EventStoreConfig]).section(EventStoreConfig);
    const reader = new EventStoreDbLogReader(url.reveal());
    try {
      const recorded = await reader.readFirst(transactionStream(id), MOST_EVENTS);
      if (recorded.length === 0) {
        console.log('There is no such transaction.');
        return 1;
      }
      const codec = knownCodec();
      const events = recorded.map((event) => codec.decodeKnown(event));
      console.log(readableHistory(events as readonly (StoredEvent & TransactionEvent)[]));
      return 0;
    } finally {
      await reader.close();
    }
  },
};
