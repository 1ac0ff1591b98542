import type { StoredEvent } from './stored-event.js';

/** What the writer believes the stream's last revision to be. There is no "any". */
export type ExpectedRevision = 'no_stream' | bigint;

export interface EventToAppend {
  /** Deterministic, so that a retry of the same append is recognised by the store. */
  readonly eventId: string;
  readonly type: string;
  /** JSON texts, exactly as they are stored. */
  readonly data: string;
  readonly metadata: string;
}

export interface Appended {
  /** Revision of the last event written. */
  readonly revision: bigint;
  readonly position: bigint;
  /** True when the append had to be repeated: the bytes in the store may be those of an earlier try. */
  readonly retried: boolean;
}

/** Someone else wrote first: read again and decide again. */
export class StreamConflict extends Error {
  override name = 'StreamConflict';

  constructor(readonly streamName: string) {
    super('the stream has moved on');
  }
}

/** The store cannot be reached or does not answer in time; nothing is known of the last append. */
export class EventStoreUnavailable extends Error {
  override name = 'EventStoreUnavailable';
}

/** The store will never take this: repeating it cannot help, and nothing was written. */
export class AppendRefused extends Error {
  override name = 'AppendRefused';
}

/** What a subscription yields, in log order. */
export type LogItem =
  | { readonly kind: 'event'; readonly event: StoredEvent }
  /** Everything up to here was looked at; safe to store as a checkpoint. */
  | { readonly kind: 'checkpoint'; readonly position: bigint; readonly preparePosition: bigint }
  | { readonly kind: 'caught_up' };

export interface LogPosition {
  readonly position: bigint;
  readonly preparePosition: bigint;
}

/** The log. Every append names the revision it expects. */
export abstract class EventStore {
  /**
   * Appends in one atomic write and returns once it is on disk. Repeats a time-out with the same ids, bounded.
   * @throws StreamConflict         the stream is not at `expected`
   * @throws EventStoreUnavailable  no answer after the bounded repeats; the write may or may not have happened
   * @throws AppendRefused          the store says that it will never take this
   */
  abstract append(
    streamName: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended>;

  /**
   * The whole stream in order, upcast; empty when there is none.
   * @throws EventStoreUnavailable
   */
  abstract readStream(streamName: string): Promise<readonly StoredEvent[]>;

  /**
   * Follows the whole log after a position (null: from the beginning), only streams whose names begin with one of
   * the prefixes, only event types in the catalogue; ends when the signal aborts.
   * @throws EventStoreUnavailable  when the connection is lost; the caller resumes from its own checkpoint
   */
  abstract followAll(
    after: LogPosition | null,
    streamPrefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<LogItem>;

  /** Answers when the store does. @throws EventStoreUnavailable */
  abstract ping(): Promise<void>;
}
