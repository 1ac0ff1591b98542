import {
  EventStore,
  EventStoreUnavailable,
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
  type LogItem,
  type LogPosition,
} from '../../src/platform/event-store/event-store.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';

/** Where the process dies: at its n-th append, before the append reaches the store or after it did. */
export interface CrashPoint {
  readonly append: number;
  readonly when: 'before' | 'after';
}

/** A process's view of a shared store. Once it has crashed, nothing of that process reaches the store any more. */
export class CrashingEventStore extends EventStore {
  /** How many appends reached the store through this view. */
  appends = 0;
  /** What others do between a look of this process and its append. */
  meanwhile: (types: readonly string[]) => Promise<void> = () => Promise.resolve();
  private crashed = false;

  constructor(
    private readonly shared: EventStore,
    private readonly crash: CrashPoint | null,
  ) {
    super();
  }

  async append(
    streamName: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    this.alive();
    await this.meanwhile(events.map(({ type }) => type));
    const isLast = this.crash?.append === this.appends + 1;
    if (isLast && this.crash?.when === 'before') this.die();
    const appended = await this.shared.append(streamName, expected, events);
    this.alive();
    this.appends += 1;
    if (isLast) this.die();
    return appended;
  }

  readStream(streamName: string): Promise<readonly StoredEvent[]> {
    this.alive();
    return this.shared.readStream(streamName);
  }

  followAll(
    after: LogPosition | null,
    streamPrefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<LogItem> {
    return this.shared.followAll(after, streamPrefixes, signal);
  }

  ping(): Promise<void> {
    this.alive();
    return this.shared.ping();
  }

  private alive(): void {
    if (this.crashed) throw new EventStoreUnavailable('this process is dead');
  }

  private die(): never {
    this.crashed = true;
    throw new EventStoreUnavailable('this process is dead');
  }
}
