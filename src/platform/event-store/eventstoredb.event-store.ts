import {
  BACKWARDS,
  EventStoreDBClient,
  jsonEvent,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AppendResult,
  type JSONRecordedEvent,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import type { OnApplicationShutdown } from '@nestjs/common';
import { setImmediate as turnOfLoop, setTimeout as delay } from 'node:timers/promises';
import type { Metrics } from '../metrics/metrics.js';
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
import { isDefinite, unavailable } from './eventstoredb.errors.js';
import { recordedEvent } from './eventstoredb.recorded-event.js';
import { subscribe } from './eventstoredb.subscription.js';
import type { EventMetadata, StoredEvent } from './stored-event.js';

export interface EventStoreDbOptions {
  readonly url: string;
  /** How long one try of an append may take; the client alone would wait for ever. */
  readonly appendTimeoutMs?: number;
  readonly readTimeoutMs?: number;
}

const APPEND_TIMEOUT_MS = 3_000;
const READ_TIMEOUT_MS = 10_000;
const PING_TIMEOUT_MS = 2_000;
/** Waits between the tries of one append: a single node restarts within them, a cluster elects a leader. */
const REPEAT_AFTER_MS = [100, 400, 1_200] as const;
/** At most one new connection per so long, however many appends fail together. */
const RENEW_EVERY_MS = 5_000;

/** EventStoreDB through its published client; the only importer of it. */
export class EventStoreDbEventStore extends EventStore implements OnApplicationShutdown {
  private commands: EventStoreDBClient;
  /** Subscriptions have a connection of their own: cancelling one must not disturb appends. */
  private readonly followers: EventStoreDBClient;
  private readonly closing = new AbortController();
  private renewedAtMs = Number.NEGATIVE_INFINITY;
  private turn: Promise<void> | null = null;

  constructor(
    private readonly options: EventStoreDbOptions,
    private readonly codec: EventCodec,
    private readonly metrics: Metrics,
  ) {
    super();
    this.commands = EventStoreDBClient.connectionString(options.url);
    this.followers = EventStoreDBClient.connectionString(options.url);
  }

  async append(
    streamName: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    const beganMs = performance.now();
    await this.nextTurn();
    this.refuseWhenClosed();
    const ended = (outcome: 'ok' | 'retried' | 'conflict' | 'failed'): void =>
      this.metrics.eventAppendSeconds.observe({ outcome }, (performance.now() - beganMs) / 1_000);
    try {
      const appended = await this.appendRepeating(streamName, expected, events);
      ended(appended.retried ? 'retried' : 'ok');
      return appended;
    } catch (error) {
      ended(error instanceof StreamConflict ? 'conflict' : 'failed');
      throw error;
    }
  }

  async readStream(streamName: string): Promise<readonly StoredEvent[]> {
    this.refuseWhenClosed();
    const read = this.commands.readStream(streamName, { requiresLeader: true });
    try {
      const recorded = await collect(read, this.options.readTimeoutMs ?? READ_TIMEOUT_MS);
      return recorded.map(({ event }) =>
        this.codec.decodeKnown(recordedEvent(event as JSONRecordedEvent)),
      );
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      throw error;
    }
  }

  followAll(
    after: LogPosition | null,
    streamPrefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<LogItem> {
    return subscribe(this.followers, this.codec, {
      after,
      streamPrefixes,
      signal: AbortSignal.any([signal, this.closing.signal]),
    });
  }

  async ping(): Promise<void> {
    this.refuseWhenClosed();
    const read = this.commands.readAll({ direction: BACKWARDS, maxCount: 1 });
    await collect(read, PING_TIMEOUT_MS);
  }

  /** Last of all: whatever else is stopping may still append. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** Ends subscriptions and the connections. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([this.commands.dispose(), this.followers.dispose()]);
  }

  /** Appends that come due in one turn of the event loop are sent in a row: together they cost less than scattered. */
  private nextTurn(): Promise<void> {
    this.turn ??= turnOfLoop().then(() => {
      this.turn = null;
    });
    return this.turn;
  }

  // A disposed client would quietly connect again.
  private refuseWhenClosed(): void {
    if (this.closing.signal.aborted) throw new EventStoreUnavailable('this process is stopping');
  }

  private async appendRepeating(
    streamName: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    for (let tries = 0; ; tries += 1) {
      try {
        const result = await this.appendOnce(streamName, expected, events);
        return {
          revision: result.nextExpectedRevision,
          position: result.position?.commit ?? (await this.positionOf(streamName, result)),
          retried: tries > 0,
        };
      } catch (error) {
        if (error instanceof WrongExpectedVersionError) throw new StreamConflict(streamName);
        if (isDefinite(error)) throw error;
        const waitMs = REPEAT_AFTER_MS[tries];
        if (waitMs === undefined || this.closing.signal.aborted) {
          this.renewConnection();
          throw unavailable(error);
        }
        await delay(waitMs);
      }
    }
  }

  private appendOnce(
    streamName: string,
    expectedRevision: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    const append = this.commands.appendToStream(
      streamName,
      events.map(({ eventId, type, data, metadata }) =>
        jsonEvent({ id: eventId, type, data: data as never, metadata: bytesOf(metadata) }),
      ),
      { expectedRevision, requiresLeader: true },
    );
    return within(this.options.appendTimeoutMs ?? APPEND_TIMEOUT_MS, append);
  }

  // The client (6.2.1) keeps a failed look for the server's features for ever, when no node of a cluster could be
  // found; only a new client asks again.
  private renewConnection(): void {
    const nowMs = performance.now();
    if (this.closing.signal.aborted || nowMs - this.renewedAtMs < RENEW_EVERY_MS) return;
    this.renewedAtMs = nowMs;
    const failed = this.commands;
    this.commands = EventStoreDBClient.connectionString(this.options.url);
    failed.dispose().catch(() => undefined);
  }

  // A repeat that the server recognises may come back without a position; the event itself has one.
  private async positionOf(
    streamName: string,
    { nextExpectedRevision }: AppendResult,
  ): Promise<bigint> {
    const read = this.commands.readStream(streamName, {
      fromRevision: nextExpectedRevision,
      maxCount: 1,
      requiresLeader: true,
    });
    const [last] = await collect(read, this.options.readTimeoutMs ?? READ_TIMEOUT_MS);
    const position = last?.event?.position?.commit;
    if (position === undefined) throw new EventStoreUnavailable('the append has no position');
    return position;
  }
}

const encoder = new TextEncoder();

// The same bytes that the client (6.2.1) would send, which for objects takes a way over base64, decoded twice in script.
const bytesOf = (metadata: EventMetadata): Uint8Array => encoder.encode(JSON.stringify(metadata));

/** Settles like the promise, or as unavailable once the time is over; the promise itself may never settle. */
function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new EventStoreUnavailable(`no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (reason: unknown) => {
        clearTimeout(timer);
        reject(reason);
      },
    );
  });
}

/** Everything a read yields. The client gives reads no deadline, so the time is bounded here. */
export function collect<E extends ResolvedEvent>(
  read: StreamingRead<E>,
  timeoutMs: number,
): Promise<readonly E[]> {
  return new Promise((resolve, reject) => {
    const events: E[] = [];
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      reject(
        error instanceof StreamNotFoundError || isDefinite(error) ? error : unavailable(error),
      );
    };
    const timer = setTimeout(() => {
      fail(new EventStoreUnavailable(`no answer within ${timeoutMs} ms`));
      read.cancel().catch(() => undefined);
    }, timeoutMs);
    read.on('data', (event: E) => events.push(event));
    read.on('error', fail);
    read.on('end', () => {
      clearTimeout(timer);
      resolve(events);
    });
  });
}
