import type { RecordedEvent } from './event-codec.js';
import type { LogPosition } from './event-store.js';

/** The log cannot be read beyond an event, although the store answers: what follows is damaged. */
export class LogUnreadable extends Error {
  override name = 'LogUnreadable';

  constructor(
    /** The last event that could be read; null when not even the first can. */
    readonly after: RecordedEvent | null,
    cause: unknown,
  ) {
    super('the log cannot be read any further', { cause });
  }
}

/** The log as it is stored, for those who judge it: every event of every stream, nothing upcast, nothing left out. */
export abstract class LogReader {
  /**
   * Everything after a position (null: from the beginning) up to the end, in log order, page by page.
   * @throws LogUnreadable          after the last event that can be read
   * @throws EventStoreUnavailable
   */
  abstract readAll(after: LogPosition | null): AsyncIterable<RecordedEvent>;

  /** The first events of a stream, as many as asked for at most. @throws EventStoreUnavailable */
  abstract readFirst(streamName: string, count: bigint): Promise<readonly RecordedEvent[]>;

  /** Where the log ends; null when it is empty. @throws EventStoreUnavailable */
  abstract end(): Promise<LogPosition | null>;
}
