import type { EventLog } from '../event-log.js';
import { isHidden, makeFilter, type EventFilter } from '../filters.js';
import type { LogLine } from '../log-tail.js';
import { visibleRange } from '../visible-range.js';
import { ALL_STREAM, type GroupDefinition } from './group-settings.js';

/** One event as a group finds it. */
export interface SourceEvent {
  readonly place: number;
  readonly position: number;
  readonly record: Buffer;
}

export interface SourcePage {
  readonly events: readonly SourceEvent[];
  /** How far the search has come, beyond the last event when others did not fit. */
  readonly upTo: number;
  /** How many were passed over. */
  readonly skipped: number;
}

/** Where a group's messages come from. */
export abstract class GroupSource {
  /** What comes after a place; an empty page with the same place at the end. */
  abstract after(place: number, limit: number): SourcePage;

  /** The place of the newest event. */
  abstract lastPlace(): number;

  /** Calls back when there may be more; returns how to stop. */
  abstract onGrowth(wake: () => void): () => void;

  /** How the server writes a place. */
  abstract describe(place: number): string;

  /** Reads what `describe` wrote. */
  abstract parse(text: string): number;
}

/** A group on one stream counts in revisions. */
class StreamSource extends GroupSource {
  constructor(
    private readonly log: EventLog,
    private readonly stream: string,
  ) {
    super();
  }

  after(place: number, limit: number): SourcePage {
    const range = visibleRange(this.log.heads, this.stream);
    if (range === null) return { events: [], upTo: place, skipped: 0 };
    const page = this.log.reader.streamPage(this.stream, {
      first: Math.max(place + 1, range.first),
      last: range.last,
      direction: 'forwards',
      limit,
    });
    const events = page.map((entry) => ({ ...entry, place: entry.revision }));
    return { events, upTo: page.at(-1)?.revision ?? place, skipped: 0 };
  }

  lastPlace(): number {
    return this.log.heads.of(this.stream).lastRevision;
  }

  onGrowth(wake: () => void): () => void {
    return this.log.tail.onStreamGrowth(this.stream, wake);
  }

  describe(place: number): string {
    return String(place);
  }

  parse(text: string): number {
    return Number.parseInt(text, 10);
  }
}

/** A strict filter passes over most of what it looks at. */
const LINES_LOOKED_AT = 256;

/** A group on `$all` counts in positions. */
class AllSource extends GroupSource {
  constructor(
    private readonly log: EventLog,
    private readonly filter: EventFilter | null,
  ) {
    super();
  }

  after(place: number, limit: number): SourcePage {
    const { tail, reader } = this.log;
    const lookedAt = this.filter === null ? limit : Math.max(limit, LINES_LOOKED_AT);
    const lines: readonly LogLine[] =
      tail.after(place, lookedAt) ?? reader.linePage(place, 'forwards', lookedAt);
    const events = lines
      .filter((line) => !isHidden(line.stream) && this.filter?.(line) !== false)
      .map((line) => ({
        place: line.position,
        position: line.position,
        record: line.record ?? reader.recordAtPosition(line.position),
      }));
    const upTo = lines.at(-1)?.position ?? place;
    return { events, upTo, skipped: lines.length - events.length };
  }

  lastPlace(): number {
    return this.log.tail.lastPosition;
  }

  onGrowth(wake: () => void): () => void {
    return this.log.tail.onGrowth(wake);
  }

  describe(place: number): string {
    return `C:${place}/P:${place}`;
  }

  parse(text: string): number {
    return Number.parseInt(/^C:(-?\d+)\//.exec(text)?.[1] ?? '-1', 10);
  }
}

export const sourceOf = (
  log: EventLog,
  { stream, filter }: Pick<GroupDefinition, 'stream' | 'filter'>,
): GroupSource =>
  stream === ALL_STREAM
    ? new AllSource(log, filter === null ? null : makeFilter(filter))
    : new StreamSource(log, stream);
