import type { Appended, EventToAppend, ExpectedRevision } from './event-store.js';

/** Writes events to streams; beneath `EventStore.append`, whose errors it throws. */
export abstract class Appender {
  /**
   * @throws StreamConflict
   * @throws EventStoreUnavailable
   * @throws AppendRefused
   */
  abstract append(
    streamName: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended>;

  abstract close(): Promise<void>;
}
