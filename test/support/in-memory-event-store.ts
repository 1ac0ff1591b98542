import { EventEmitter, once } from 'node:events';
import {
  EventCatalog,
  type RegisteredEvent,
} from '../../src/platform/event-store/event-catalog.js';
import { EventCodec, type RecordedEvent } from '../../src/platform/event-store/event-codec.js';
import {
  EventStore,
  EventStoreUnavailable,
  StreamConflict,
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
  type LogItem,
  type LogPosition,
} from '../../src/platform/event-store/event-store.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';

// Positions are opaque: gaps keep tests from counting with them.
const POSITION_STEP = 137n;

/** The log in memory, held to the same contract as the real one; it can also be told to fail. */
export class InMemoryEventStore extends EventStore {
  readonly catalog = new EventCatalog();
  private readonly codec = new EventCodec(this.catalog);
  private readonly log: RecordedEvent[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();
  /** What a read of an event gave before: a stream is read many times, and its events never change. */
  private readonly read = new WeakMap<RecordedEvent, StoredEvent>();
  private readonly news = new EventEmitter().setMaxListeners(0);
  private lost = 0;
  private away = false;
  /** Counts reads of streams, for tests that say when none is needed. */
  reads = 0;

  constructor(definitions: readonly RegisteredEvent[] = []) {
    super();
    this.catalog.register(definitions);
  }

  /** The next appends reach the store, but their first answers do not come back. */
  loseNextAnswers(count = 1): void {
    this.lost = count;
  }

  /** Cuts every subscription and refuses all calls until `comeBack`. */
  goAway(): void {
    this.away = true;
    this.news.emit('cut');
  }

  comeBack(): void {
    this.away = false;
  }

  /** Everything as it is stored, in log order. */
  stored(): readonly RecordedEvent[] {
    return this.log;
  }

  async append(
    streamName: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    await this.reachable();
    const stream = this.streams.get(streamName) ?? [];
    const from = expected === 'no_stream' ? 0 : Number(expected) + 1;
    const known = events.every(({ eventId }, at) => stream[from + at]?.eventId === eventId);
    if (!(known && stream.length > from)) {
      if (stream.length !== from) throw new StreamConflict(streamName);
      events.forEach((event, at) => stream.push(this.write(streamName, from + at, event)));
      this.streams.set(streamName, stream);
      this.news.emit('event');
    }
    const last = stream[from + events.length - 1];
    if (last === undefined) throw new Error('an append holds at least one event');
    const retried = this.lost > 0;
    if (retried) this.lost -= 1;
    return { revision: last.revision, position: last.position, retried };
  }

  async readStream(streamName: string): Promise<readonly StoredEvent[]> {
    await this.reachable();
    this.reads += 1;
    return (this.streams.get(streamName) ?? []).map((event) => this.decoded(event));
  }

  private decoded(recorded: RecordedEvent): StoredEvent {
    const known = this.read.get(recorded) ?? this.codec.decodeKnown(recorded);
    this.read.set(recorded, known);
    return known;
  }

  async *followAll(
    after: LogPosition | null,
    streamPrefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<LogItem, void, undefined> {
    await this.reachable();
    let next =
      after === null ? 0 : this.log.findLastIndex((event) => event.position <= after.position) + 1;
    let behind = true;
    while (!signal.aborted) {
      if (this.away) throw new EventStoreUnavailable('cut');
      const recorded = this.log[next];
      if (recorded !== undefined) {
        next += 1;
        if (streamPrefixes.some((prefix) => recorded.streamName.startsWith(prefix))) {
          yield this.item(recorded);
        }
      } else if (behind) {
        behind = false;
        yield { kind: 'caught_up' };
      } else {
        await this.nextNews(signal);
      }
    }
  }

  async ping(): Promise<void> {
    await this.reachable();
  }

  private write(streamName: string, revision: number, event: EventToAppend): RecordedEvent {
    const position = BigInt(this.log.length + 1) * POSITION_STEP;
    const recorded: RecordedEvent = {
      eventId: event.eventId,
      storedAs: event.type,
      data: JSON.parse(event.data),
      metadata: JSON.parse(event.metadata),
      streamName,
      revision: BigInt(revision),
      position,
      preparePosition: position,
      recordedAt: new Date(),
    };
    this.log.push(recorded);
    return recorded;
  }

  private item(recorded: RecordedEvent): LogItem {
    const event = this.codec.decode(recorded);
    const { position, preparePosition } = recorded;
    return event === null
      ? { kind: 'checkpoint', position, preparePosition }
      : { kind: 'event', event };
  }

  private async nextNews(signal: AbortSignal): Promise<void> {
    const settled = new AbortController();
    const either = AbortSignal.any([signal, settled.signal]);
    const seen = ['event', 'cut'].map((name) =>
      once(this.news, name, { signal: either }).catch(() => undefined),
    );
    await Promise.race(seen);
    settled.abort();
  }

  // A real store never answers in the same turn; code that relies on that must not pass here.
  private async reachable(): Promise<void> {
    await Promise.resolve();
    if (this.away) throw new EventStoreUnavailable('away');
  }
}
