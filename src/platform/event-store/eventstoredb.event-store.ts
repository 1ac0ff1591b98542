import { BACKWARDS, StreamNotFoundError, type JSONRecordedEvent } from '@eventstore/db-client';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Metrics } from '../metrics/metrics.js';
import type { Appender } from './appender.js';
import { EventStoreDbAppender } from './eventstoredb.appender.js';
import { EventStoreDbConnection } from './eventstoredb.connection.js';
import type { EventCodec } from './event-codec.js';
import {
  EventStore,
  EventStoreUnavailable,
  StreamConflict,
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
  type LogItem,
  type LogPosition,
} from './event-store.js';
import { collect } from './eventstoredb.reading.js';
import { recordedEvent } from './eventstoredb.recorded-event.js';
import { subscribe } from './eventstoredb.subscription.js';
import type { StoredEvent } from './stored-event.js';
import { ThreadedAppender, type ThreadProgram } from './threaded.appender.js';

export interface EventStoreDbOptions {
  readonly url: string;
  /** Of the thread that appends leave from; without, they leave from this one. */
  readonly appendThread?: ThreadProgram;
  readonly appendTimeoutMs?: number;
  readonly readTimeoutMs?: number;
}

const READ_TIMEOUT_MS = 10_000;
const PING_TIMEOUT_MS = 2_000;

/** EventStoreDB through its published client. */
export class EventStoreDbEventStore extends EventStore implements OnApplicationShutdown {
  private readonly appender: Appender;
  private readonly queries: EventStoreDbConnection;
  /** Subscriptions have a connection of their own: cancelling one must not disturb reads. */
  private readonly followers: EventStoreDbConnection;
  private readonly closing = new AbortController();

  constructor(
    private readonly options: EventStoreDbOptions,
    private readonly codec: EventCodec,
    private readonly metrics: Metrics,
  ) {
    super();
    this.queries = new EventStoreDbConnection(options.url);
    this.followers = new EventStoreDbConnection(options.url);
    this.appender = appenderFor(options);
  }

  async append(
    streamName: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    const beganMs = performance.now();
    this.refuseWhenClosed();
    const ended = (outcome: 'ok' | 'retried' | 'conflict' | 'failed'): void =>
      this.metrics.eventAppendSeconds.observe({ outcome }, (performance.now() - beganMs) / 1_000);
    try {
      const appended = await this.appender.append(streamName, expected, events);
      ended(appended.retried ? 'retried' : 'ok');
      return appended;
    } catch (error) {
      ended(error instanceof StreamConflict ? 'conflict' : 'failed');
      throw error;
    }
  }

  async readStream(streamName: string): Promise<readonly StoredEvent[]> {
    this.refuseWhenClosed();
    const read = this.queries.client.readStream(streamName, { requiresLeader: true });
    try {
      const recorded = await collect(read, this.options.readTimeoutMs ?? READ_TIMEOUT_MS);
      return recorded.map(({ event }) =>
        this.codec.decodeKnown(recordedEvent(event as JSONRecordedEvent)),
      );
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      if (error instanceof EventStoreUnavailable) this.queries.renew();
      throw error;
    }
  }

  followAll(
    after: LogPosition | null,
    streamPrefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<LogItem> {
    return subscribe(this.followers.client, this.codec, {
      after,
      streamPrefixes,
      signal: AbortSignal.any([signal, this.closing.signal]),
    });
  }

  async ping(): Promise<void> {
    this.refuseWhenClosed();
    const read = this.queries.client.readAll({ direction: BACKWARDS, maxCount: 1 });
    await collect(read, PING_TIMEOUT_MS);
  }

  /** Last of all: whatever else is stopping may still append. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** Ends subscriptions and the connections. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([this.appender.close(), this.queries.close(), this.followers.close()]);
  }

  // A disposed client would quietly connect again.
  private refuseWhenClosed(): void {
    if (this.closing.signal.aborted) throw new EventStoreUnavailable('this process is stopping');
  }
}

const appenderFor = ({ url, appendThread, appendTimeoutMs }: EventStoreDbOptions): Appender =>
  appendThread === undefined
    ? new EventStoreDbAppender(new EventStoreDbConnection(url), appendTimeoutMs)
    : new ThreadedAppender(appendThread, { url, timeoutMs: appendTimeoutMs });
