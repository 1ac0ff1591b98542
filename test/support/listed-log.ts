import type { RecordedEvent } from '../../src/platform/event-store/event-codec.js';
import type { LogPosition } from '../../src/platform/event-store/event-store.js';
import { LogReader } from '../../src/platform/event-store/log-reader.js';

/** A log that is a list of events, which a spec may have tampered with. */
export class ListedLog extends LogReader {
  /** Streams that were read again. */
  readonly readAgain: string[] = [];

  constructor(private readonly events: readonly RecordedEvent[]) {
    super();
  }

  async *readAll(after: LogPosition | null): AsyncGenerator<RecordedEvent, void, undefined> {
    await Promise.resolve();
    yield* this.events.filter(({ position }) => after === null || position > after.position);
  }

  readFirst(streamName: string, count: bigint): Promise<readonly RecordedEvent[]> {
    this.readAgain.push(streamName);
    const own = this.events.filter((event) => event.streamName === streamName);
    return Promise.resolve(own.slice(0, Number(count)));
  }

  end(): Promise<LogPosition | null> {
    return Promise.resolve(this.events.at(-1) ?? null);
  }
}
