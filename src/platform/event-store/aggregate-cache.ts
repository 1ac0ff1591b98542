import type { Event } from '../../kernel/event.js';
import type { Aggregate } from './command-runner.js';

/** A stream as far as it was read or written. */
export interface LoadedStream<State> {
  readonly state: State;
  /** Null when the stream has no event. */
  readonly revision: bigint | null;
  /** Hash of the last event, which the next one names. */
  readonly lastHash: string | null;
  /** Ids of all events: a command whose ids are here has run already. */
  readonly eventIds: ReadonlySet<string>;
}

interface Entry {
  readonly aggregate: unknown;
  readonly loaded: LoadedStream<unknown>;
}

/**
 * The latest states this process saw, the least recently used dropped first. An entry may be behind the log, since
 * other processes write too: it only saves a read, and the expected revision of the append is what guards it.
 */
export class AggregateCache {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly capacity: number) {}

  get<State, E extends Event>(
    streamName: string,
    aggregate: Aggregate<State, E>,
  ): LoadedStream<State> | null {
    const entry = this.entries.get(streamName);
    if (entry === undefined || entry.aggregate !== aggregate) return null;
    this.entries.delete(streamName);
    this.entries.set(streamName, entry);
    return entry.loaded as LoadedStream<State>;
  }

  put<State, E extends Event>(
    streamName: string,
    aggregate: Aggregate<State, E>,
    loaded: LoadedStream<State>,
  ): void {
    this.entries.delete(streamName);
    this.entries.set(streamName, { aggregate, loaded });
    if (this.entries.size <= this.capacity) return;
    const oldest = this.entries.keys().next();
    if (oldest.done !== true) this.entries.delete(oldest.value);
  }

  forget(streamName: string): void {
    this.entries.delete(streamName);
  }
}
