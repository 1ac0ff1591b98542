import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  START,
  StreamNotFoundError,
  type AllStreamRecordedEvent,
} from '@eventstore/db-client';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { RecordedEvent } from './event-codec.js';
import type { LogPosition } from './event-store.js';
import { collect } from './eventstoredb.reading.js';
import { recordedEvent } from './eventstoredb.recorded-event.js';
import { endsWithin } from '../workers/pause.js';
import { LogReader, LogUnreadable } from './log-reader.js';

// A megabyte or two in memory, and the round trip is lost among the events.
const PAGE = 1_000;
const PAGE_TIMEOUT_MS = 30_000;
// The client (6.2.1) waits for ever for the end of a read that met an event it cannot take apart.
const CLOSE_WITHIN_MS = 1_000;

/** Reads the log through the published client. */
export class EventStoreDbLogReader extends LogReader implements OnApplicationShutdown {
  private readonly client: EventStoreDBClient;

  constructor(url: string) {
    super();
    this.client = EventStoreDBClient.connectionString(url);
  }

  async *readAll(after: LogPosition | null): AsyncGenerator<RecordedEvent, void, undefined> {
    let at = after;
    let last: RecordedEvent | null = null;
    for (let size = PAGE; ;) {
      let page: readonly RecordedEvent[];
      try {
        page = await this.page(at, size);
      } catch (error) {
        // A store that is away says so here; one that answers holds something that nobody can read.
        await this.end();
        if (size === 1) throw new LogUnreadable(last, error);
        size = Math.ceil(size / 10);
        continue;
      }
      yield* page;
      last = page.at(-1) ?? last;
      if (page.length < size) return;
      at = last;
    }
  }

  async readFirst(streamName: string, count: bigint): Promise<readonly RecordedEvent[]> {
    const read = this.client.readStream(streamName, { maxCount: count, requiresLeader: true });
    try {
      const resolved = await collect(read, PAGE_TIMEOUT_MS);
      return resolved.flatMap(({ event }) => (event === undefined ? [] : [recordedEvent(event)]));
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      throw error;
    }
  }

  async end(): Promise<LogPosition | null> {
    const [last] = await this.read({
      direction: BACKWARDS,
      fromPosition: END,
      maxCount: 1,
    });
    return last === undefined ? null : recordedEvent(last);
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    await endsWithin(CLOSE_WITHIN_MS, this.client.dispose());
  }

  /** So many events after a position. The server counts the event at the position itself, which is read again. */
  private async page(after: LogPosition | null, size: number): Promise<readonly RecordedEvent[]> {
    const fromPosition =
      after === null ? START : { commit: after.position, prepare: after.preparePosition };
    const events = await this.read({ fromPosition, maxCount: after === null ? size : size + 1 });
    const recorded = events.map(recordedEvent);
    return after === null ? recorded : recorded.filter(({ position }) => position > after.position);
  }

  private async read(
    options: Parameters<EventStoreDBClient['readAll']>[0],
  ): Promise<readonly AllStreamRecordedEvent[]> {
    const read = this.client.readAll({ ...options, requiresLeader: true });
    try {
      const resolved = await collect(read, PAGE_TIMEOUT_MS);
      return resolved.flatMap(({ event }) => (event === undefined ? [] : [event]));
    } catch (error) {
      read.cancel().catch(() => undefined);
      throw error;
    }
  }
}
