import type { EventStore, LogItem, LogPosition } from '../event-store/event-store.js';
import { SharedTail } from './shared-tail.js';

/** Who may read from the shared subscription, and after which position. */
interface Joined {
  readonly tail: SharedTail;
  readonly at: LogPosition | null;
}

/**
 * Lets those who have caught up with the log read from one subscription: an event is sent, received and taken apart
 * once, however many follow it. Whoever is behind reads by himself until he is not.
 */
export class SharedFeed {
  private tail: SharedTail | null = null;

  constructor(
    private readonly store: Pick<EventStore, 'followAll'>,
    /** Of all streams that anybody will ask for. */
    private readonly streamPrefixes: readonly string[],
  ) {}

  /**
   * The log after a position, as `EventStore.followAll` gives it, to be read by one projection.
   * @throws EventStoreUnavailable  when the connection is lost; the caller resumes from its own checkpoint
   */
  async *follow(
    after: LogPosition | null,
    streamPrefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<LogItem, void, undefined> {
    let at = after;
    while (!signal.aborted) {
      const joined = yield* this.alone(at, streamPrefixes, signal);
      if (joined === null) return;
      at = yield* joined.tail.read(joined.at, streamPrefixes, signal);
    }
  }

  /** By a subscription of its own until the rest can be had from the shared one; null when it ended before. */
  private async *alone(
    after: LogPosition | null,
    streamPrefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<LogItem, Joined | null, undefined> {
    const leaving = new AbortController();
    const until = AbortSignal.any([signal, leaving.signal]);
    let at = after;
    let caughtUp = false;
    try {
      for await (const item of this.store.followAll(after, streamPrefixes, until)) {
        yield item;
        if (item.kind === 'caught_up') caughtUp = true;
        else at = further(at, item.kind === 'event' ? item.event : item);
        if (!caughtUp) continue;
        const tail = this.liveTail(at);
        if (tail.holdsAllAfter(at)) return { tail, at };
      }
      return null;
    } finally {
      leaving.abort();
    }
  }

  /** The shared subscription; begun after a position when there is none. */
  private liveTail(from: LogPosition | null): SharedTail {
    if (this.tail === null || this.tail.hasEnded) {
      this.tail = new SharedTail(from, (signal) =>
        this.store.followAll(from, this.streamPrefixes, signal),
      );
    }
    return this.tail;
  }
}

// While it catches up, a server of 23.10 marks the start of a page, behind events that it has sent.
const further = (at: LogPosition | null, next: LogPosition): LogPosition =>
  at === null || next.position > at.position
    ? { position: next.position, preparePosition: next.preparePosition }
    : at;
