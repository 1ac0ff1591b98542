import { EventCodec } from '../../src/platform/event-store/event-codec.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';

/** The log of a world, which tells what was written since somebody looked. */
export class WorldLog extends InMemoryEventStore {
  private readonly reader = new EventCodec(this.catalog);
  private seen = 0;

  /** What was written since the last look, in the log's order. */
  written(): readonly StoredEvent[] {
    const stored = this.stored();
    if (stored.length === this.seen) return [];
    const events = stored.slice(this.seen).map((event) => this.reader.decodeKnown(event));
    this.seen = stored.length;
    return events;
  }
}
