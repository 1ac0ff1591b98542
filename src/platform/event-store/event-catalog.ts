import { assert } from '../../kernel/assert.js';
import type { Upcaster } from '../../kernel/event.js';

/** A definition, where only its stored names matter. */
export interface RegisteredEvent {
  readonly type: string;
  readonly upcasters: Readonly<Record<string, Upcaster<unknown>>>;
}

/** How data stored under one name becomes today's. */
export interface Reading {
  readonly type: string;
  /** Null when the stored version is today's. */
  readonly upcast: ((older: unknown) => unknown) | null;
}

/** Every event this process can read, by each name it was ever stored under. Modules fill it before the first read. */
export class EventCatalog {
  private readonly readings = new Map<string, Reading>();
  private readonly definitions = new Set<RegisteredEvent>();

  /** Adds definitions; adding one again changes nothing. @throws AssertionFailed when a stored name has two owners */
  register(definitions: readonly RegisteredEvent[]): void {
    for (const definition of definitions) {
      if (this.definitions.has(definition)) continue;
      this.definitions.add(definition);
      this.add(definition.type, { type: definition.type, upcast: null });
      for (const [storedAs, upcaster] of Object.entries(definition.upcasters)) {
        this.add(storedAs, {
          type: definition.type,
          upcast: upcaster as (older: unknown) => unknown,
        });
      }
    }
  }

  /** How to read a stored name; null for a name nobody registered. */
  reading(storedAs: string): Reading | null {
    return this.readings.get(storedAs) ?? null;
  }

  /** Every name that can be read, older versions included. */
  storedNames(): readonly string[] {
    return [...this.readings.keys()].sort();
  }

  private add(storedAs: string, reading: Reading): void {
    assert(!this.readings.has(storedAs), `two events are stored as ${storedAs}`);
    this.readings.set(storedAs, reading);
  }
}
