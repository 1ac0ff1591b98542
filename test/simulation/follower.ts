import type { LogPosition } from '../../src/platform/event-store/event-store.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';

const CATEGORIES = ['transaction-', 'movement-', 'sweep-'];

/** The log of a world, which tells whether anything was written since somebody looked. */
export class WorldLog extends InMemoryEventStore {
  private appends = 0;
  private seenAppends = 0;
  private seenTo: LogPosition | null = null;

  override async append(
    ...appended: Parameters<InMemoryEventStore['append']>
  ): ReturnType<InMemoryEventStore['append']> {
    this.appends += 1;
    return super.append(...appended);
  }

  /** What was written since the last look, in the log's order. */
  async written(): Promise<readonly StoredEvent[]> {
    if (this.appends === this.seenAppends) return [];
    this.seenAppends = this.appends;
    const done = new AbortController();
    const events: StoredEvent[] = [];
    for await (const item of this.followAll(this.seenTo, CATEGORIES, done.signal)) {
      if (item.kind === 'caught_up') done.abort();
      if (item.kind === 'event') events.push(item.event);
    }
    const last = events.at(-1);
    if (last !== undefined) {
      this.seenTo = { position: last.position, preparePosition: last.preparePosition };
    }
    return events;
  }
}
