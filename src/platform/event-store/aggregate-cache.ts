import type { Event } from '../../kernel/event.js';
import { RecentMap } from '../../kernel/recent-map.js';
import type { Aggregate } from './command-runner.js';

/** A stream as far as it was read or written. */
export interface LoadedStream<State> {
  readonly state: State;
  /** Null when the stream has no event. */
  readonly revision: bigint | null;
  /** Where in the whole log its last event is; null when there is none. */
  readonly position: bigint | null;
  /** Hash of the last event, which the next one names. */
  readonly lastHash: string | null;
  /** Ids of all events: a command whose ids are here has run already. With the content it was asked for, if known. */
  readonly eventIds: ReadonlyMap<string, string | null>;
}

interface Entry {
  readonly aggregate: unknown;
  readonly loaded: LoadedStream<unknown>;
}

/**
 * The latest states this process saw; those not used for long are dropped. An entry may be behind the log, since
 * other processes write too: it only saves a read, and the expected revision of the append is what guards it.
 */
export class AggregateCache {
  private readonly entries: RecentMap<string, Entry>;

  constructor(capacity: number) {
    this.entries = new RecentMap(capacity);
  }

  get<State, E extends Event>(
    streamName: string,
    aggregate: Aggregate<State, E>,
  ): LoadedStream<State> | null {
    const entry = this.entries.get(streamName);
    return entry?.aggregate === aggregate ? (entry.loaded as LoadedStream<State>) : null;
  }

  put<State, E extends Event>(
    streamName: string,
    aggregate: Aggregate<State, E>,
    loaded: LoadedStream<State>,
  ): void {
    this.entries.set(streamName, { aggregate, loaded });
  }

  forget(streamName: string): void {
    this.entries.delete(streamName);
  }
}
