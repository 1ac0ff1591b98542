import type { Clock } from '../../kernel/clock.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import type { BatchReader } from './batch-reader.js';

/** How far a projection is behind the log. */
export interface ProjectionLag {
  readonly name: string;
  readonly version: number;
  /** Events read from the log and not applied yet; while it catches up there may be more that were not read. */
  readonly events: number;
  /** Zero when idle; else the age of the oldest event not applied, or the time since the log's end was last seen. */
  readonly seconds: number;
  /** False while it fails: its store or its database is away, or its code does not fit its tables. */
  readonly moving: boolean;
  /** False when another process applies events, or nobody does yet; then nothing is known here of its lag. */
  readonly leads: boolean;
}

/** Keeps what is needed to say how far behind a projection is. */
export class LagMeter {
  private reader: BatchReader | null = null;
  private inHand: readonly StoredEvent[] = [];
  private caughtUp = false;
  /** When the rows were last known to say what the log says. */
  private currentAt: Date;
  private failing = false;

  constructor(private readonly clock: Clock) {
    this.currentAt = clock.now();
  }

  following(reader: BatchReader): void {
    this.reader = reader;
    this.caughtUp = false;
  }

  took(events: readonly StoredEvent[]): void {
    this.inHand = events;
  }

  applied(caughtUp: boolean): void {
    const last = this.inHand.at(-1);
    this.inHand = [];
    this.failing = false;
    if (caughtUp) this.caughtUp = true;
    if (this.caughtUp && this.pending() === 0) this.currentAt = this.clock.now();
    else if (last !== undefined) this.currentAt = last.recordedAt;
  }

  /** Another process leads, and answers for the lag. */
  standingBy(): void {
    this.forget();
    this.failing = false;
    this.currentAt = this.clock.now();
  }

  failed(): void {
    this.forget();
    this.failing = true;
  }

  lag(): { events: number; seconds: number; moving: boolean; leads: boolean } {
    const leads = this.reader !== null;
    return {
      events: this.pending(),
      seconds: this.isCurrent(leads) ? 0 : this.secondsBehind(),
      moving: !this.failing,
      leads,
    };
  }

  private isCurrent(leads: boolean): boolean {
    return leads ? this.caughtUp && this.pending() === 0 : !this.failing;
  }

  private secondsBehind(): number {
    const oldest = this.inHand[0] ?? this.reader?.oldest ?? null;
    const since = oldest?.recordedAt ?? this.currentAt;
    // The store's clock and ours may differ a little; nothing is behind by less than nothing.
    return Math.max(0, (this.clock.now().getTime() - since.getTime()) / 1000);
  }

  private pending(): number {
    return this.inHand.length + (this.reader?.waiting ?? 0);
  }

  private forget(): void {
    this.reader = null;
    this.inHand = [];
    this.caughtUp = false;
  }
}
