import {
  type Appended,
  EventStore,
  type EventToAppend,
  type ExpectedRevision,
  type LogItem,
  type LogPosition,
} from '../../src/platform/event-store/event-store.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import type { InMemoryEventStore } from '../support/in-memory-event-store.js';
import type { Dice } from './dice.js';
import type { Life } from './mortal.js';

const never = new Promise<never>(() => undefined);

/** How often a process dies at an append, on either side of it; and how often the store's answer gets lost. */
export interface LogFaults {
  readonly crash: number;
  readonly lostAnswer: number;
}

/** One process's way to the log. It is here that crashes hurt most: between two appends that belong together. */
export class SimulatedLog extends EventStore {
  constructor(
    private readonly shared: InMemoryEventStore,
    private readonly life: Life,
    private readonly dice: Dice,
    private readonly faults: LogFaults,
  ) {
    super();
  }

  async append(
    streamName: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    if (this.life.isOver) return never;
    const [dies, before] = [this.dice.chance(this.faults.crash), this.dice.chance(0.5)];
    if (dies && before) return this.die();
    const appended = await this.shared.append(streamName, expected, events);
    if (dies) return this.die();
    if (this.life.isOver) return never;
    // The driver repeated the append, since the first answer did not come back.
    return this.dice.chance(this.faults.lostAnswer) ? { ...appended, retried: true } : appended;
  }

  async readStream(streamName: string): Promise<readonly StoredEvent[]> {
    const events = this.life.isOver ? never : await this.shared.readStream(streamName);
    return this.life.isOver ? never : events;
  }

  followAll(
    after: LogPosition | null,
    streamPrefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<LogItem> {
    return this.shared.followAll(after, streamPrefixes, signal);
  }

  ping(): Promise<void> {
    return this.shared.ping();
  }

  private die(): Promise<never> {
    this.life.end();
    return never;
  }
}
