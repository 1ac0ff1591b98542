import {
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position,
} from '@eventstore/db-client';
import type { EventCodec } from './event-codec.js';
import { EventStoreUnavailable, type LogItem, type LogPosition } from './event-store.js';
import { unavailable } from './eventstoredb.errors.js';
import { recordedEvent } from './eventstoredb.recorded-event.js';

// Enough to keep the socket busy while a batch is applied, little enough to hold in memory for every projection.
const BUFFERED_ITEMS = 1_024;
const RESUME_BELOW = BUFFERED_ITEMS / 2;
// The client multiplies this by the server's window of 32 events: a checkpoint about every 1,024 events looked at.
const CHECKPOINT_INTERVAL = 32;
const CONFIRM_WITHIN_MS = 10_000;

export interface Following {
  readonly after: LogPosition | null;
  readonly streamPrefixes: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Follows $all through one subscription of the client. It ends with the signal or with EventStoreUnavailable:
 * the client (6.2.1) reports a lost connection once and never resumes by itself.
 */
export async function* subscribe(
  client: EventStoreDBClient,
  codec: EventCodec,
  following: Following,
): AsyncGenerator<LogItem, void, undefined> {
  if (following.signal.aborted) return;
  const inbox = new Inbox(client, codec, following);
  try {
    for (;;) {
      const item = await inbox.take();
      if (item === null) return;
      yield item;
    }
  } finally {
    inbox.close();
  }
}

/** Collects what the subscription pushes and pauses it while the reader is slower. */
class Inbox {
  private readonly subscription: AllStreamSubscription;
  private readonly items: LogItem[] = [];
  private next = 0;
  /** Items that hold for everything before them, and how many events are still ahead of each. */
  private readonly held: { ahead: number; readonly item: LogItem }[] = [];
  private failure: EventStoreUnavailable | null = null;
  private ended = false;
  private wake: (() => void) | null = null;
  private readonly confirmation: NodeJS.Timeout;
  private readonly onAbort = (): void => this.end(null);

  constructor(
    client: EventStoreDBClient,
    private readonly codec: EventCodec,
    private readonly following: Following,
  ) {
    const { after, streamPrefixes, signal } = following;
    this.subscription = client.subscribeToAll(
      {
        fromPosition:
          after === null ? START : { commit: after.position, prepare: after.preparePosition },
        filter: streamNameFilter({
          prefixes: [...streamPrefixes],
          checkpointInterval: CHECKPOINT_INTERVAL,
          checkpointReached: (_, position) => Promise.resolve(this.hold(checkpointItem(position))),
        }),
      },
      { highWaterMark: 128 },
    );
    this.confirmation = setTimeout(
      () => this.end(new EventStoreUnavailable('the subscription was not confirmed in time')),
      CONFIRM_WITHIN_MS,
    );
    this.subscription.on('confirmation', () => clearTimeout(this.confirmation));
    this.subscription.on('caughtUp', () => this.hold({ kind: 'caught_up' }));
    this.subscription.on('data', (resolved) => this.push(resolved));
    this.subscription.on('error', (error) => this.end(unavailable(error)));
    this.subscription.on('end', () =>
      this.end(new EventStoreUnavailable('the subscription ended')),
    );
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /** The next item; null once the signal aborted. @throws EventStoreUnavailable after the items that came before */
  async take(): Promise<LogItem | null> {
    for (;;) {
      if (this.following.signal.aborted) return null;
      const item = this.items[this.next];
      if (item !== undefined) {
        this.next += 1;
        this.shrink();
        return item;
      }
      if (this.failure !== null) throw this.failure;
      if (this.ended) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  close(): void {
    this.end(null);
    clearTimeout(this.confirmation);
    this.following.signal.removeEventListener('abort', this.onAbort);
    // It rejects when the connection never came about; then there is nothing to cancel.
    this.subscription.unsubscribe().catch(() => undefined);
  }

  // The client announces checkpoints and "caught up" when it parses them, while events before them may still
  // wait in its buffer: hold the announcement back until those have come.
  private hold(item: LogItem): void {
    const ahead = this.subscription.readableLength;
    if (ahead === 0 && this.held.length === 0) this.enqueue(item);
    else this.held.push({ ahead, item });
  }

  private push({ event }: AllStreamResolvedEvent): void {
    if (event !== undefined) {
      const recorded = recordedEvent(event);
      const known = this.codec.decode(recorded);
      // An event that this version does not know moves the position like any other.
      this.enqueue(known === null ? checkpointOf(recorded) : { kind: 'event', event: known });
    }
    for (const held of this.held) held.ahead -= 1;
    while (this.held[0] !== undefined && this.held[0].ahead <= 0) {
      const released = this.held.shift();
      if (released !== undefined) this.enqueue(released.item);
    }
  }

  private enqueue(item: LogItem): void {
    this.items.push(item);
    if (this.items.length - this.next >= BUFFERED_ITEMS) this.subscription.pause();
    this.wakeReader();
  }

  private shrink(): void {
    const waiting = this.items.length - this.next;
    if (waiting === 0 || this.next >= BUFFERED_ITEMS) {
      this.items.splice(0, this.next);
      this.next = 0;
    }
    if (waiting < RESUME_BELOW && this.subscription.isPaused()) this.subscription.resume();
  }

  private end(failure: EventStoreUnavailable | null): void {
    if (!this.ended) this.failure = failure;
    this.ended = true;
    this.wakeReader();
  }

  private wakeReader(): void {
    const wake = this.wake;
    this.wake = null;
    wake?.();
  }
}

const checkpointItem = ({ commit, prepare }: Position): LogItem => ({
  kind: 'checkpoint',
  position: commit,
  preparePosition: prepare,
});

const checkpointOf = ({ position, preparePosition }: LogPosition): LogItem => ({
  kind: 'checkpoint',
  position,
  preparePosition,
});
