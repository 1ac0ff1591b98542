import type { LogItem, LogPosition } from '../event-store/event-store.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import type { EventBatch } from './projection-writer.js';

export interface BatchLimits {
  /** Most items of the log in one batch. */
  readonly size: number;
  /** How long a batch waits for company while little happens. */
  readonly ms: number;
}

// A batch of ten waits five times as long for the next one as a batch of one or two. Where a hundred events a second or
// more come they are applied ten times a second, since a transaction of fifty costs hardly more than one of ten.
const MOST_TIMES_LONGER = 5;
const EVENTS_ONCE_LONGER = 2;

/** One cut from the log: what to apply, and whether the log ended there when it was read. */
export interface ReadBatch {
  /** Null when nothing but "caught up" was read. */
  readonly batch: EventBatch | null;
  readonly caughtUp: boolean;
}

/** Reads ahead of whoever applies, by two batches at most, and hands out batches by size or by time. */
export class BatchReader {
  private items: LogItem[] = [];
  private due = false;
  private timer: NodeJS.Timeout | null = null;
  private waitMs: number;
  private ended = false;
  private closed = false;
  private failure: unknown = null;
  private wakeTaker: (() => void) | null = null;
  private wakeReader: (() => void) | null = null;

  constructor(
    source: AsyncIterable<LogItem>,
    private readonly limits: BatchLimits,
    /** How far the log was handed out: at first, where the source begins. */
    private reached: LogPosition | null = null,
  ) {
    this.waitMs = limits.ms;
    void this.readAll(source);
  }

  /** Events that were read and not yet handed out. */
  get waiting(): number {
    return this.items.reduce((count, item) => (item.kind === 'event' ? count + 1 : count), 0);
  }

  /** The oldest event that was read and not yet handed out. */
  get oldest(): StoredEvent | null {
    for (const item of this.items) if (item.kind === 'event') return item.event;
    return null;
  }

  /** The next batch; null once the source ended. Throws what the source threw, after all that came before it. */
  async take(): Promise<ReadBatch | null> {
    while (!this.isReady()) {
      if (this.ended && this.items.length === 0) {
        if (this.failure !== null) throw this.failure;
        return null;
      }
      await new Promise<void>((resolve) => {
        this.wakeTaker = resolve;
      });
    }
    const taken = this.items.splice(0, this.limits.size);
    this.stopTimer();
    const timesLonger = Math.min(MOST_TIMES_LONGER, taken.length / EVENTS_ONCE_LONGER);
    this.waitMs = this.limits.ms * Math.max(1, timesLonger);
    if (this.items.length > 0) this.startTimer();
    this.wake('reader');
    return this.cut(taken);
  }

  /** Hands out nothing more and lets go of the source, which the caller has told to end. */
  close(): void {
    this.closed = true;
    this.items = [];
    this.stopTimer();
    this.wake('reader');
  }

  private isReady(): boolean {
    if (this.items.length === 0) return false;
    return (
      this.due ||
      this.ended ||
      this.items.length >= this.limits.size ||
      this.items.at(-1)?.kind === 'caught_up'
    );
  }

  private async readAll(source: AsyncIterable<LogItem>): Promise<void> {
    try {
      for await (const item of source) {
        if (this.closed) return;
        this.items.push(item);
        this.startTimer();
        if (this.isReady()) this.wake('taker');
        while (!this.closed && this.items.length >= 2 * this.limits.size) {
          await new Promise<void>((resolve) => {
            this.wakeReader = resolve;
          });
        }
      }
    } catch (error) {
      this.failure = error;
    }
    this.ended = true;
    this.wake('taker');
  }

  private startTimer(): void {
    this.timer ??= setTimeout(() => {
      this.due = true;
      this.wake('taker');
    }, this.waitMs);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.due = false;
  }

  private wake(who: 'taker' | 'reader'): void {
    const wake = who === 'taker' ? this.wakeTaker : this.wakeReader;
    if (who === 'taker') this.wakeTaker = null;
    else this.wakeReader = null;
    wake?.();
  }

  private cut(items: readonly LogItem[]): ReadBatch {
    const events: StoredEvent[] = [];
    for (const item of items) {
      if (item.kind === 'caught_up') continue;
      if (item.kind === 'event') events.push(item.event);
      const at = item.kind === 'event' ? item.event : item;
      // While it catches up, a server of 23.10 marks the start of a page, behind events that it has sent.
      if (this.reached === null || at.position > this.reached.position) this.reached = at;
    }
    const isEmpty = items.every(({ kind }) => kind === 'caught_up');
    return {
      batch: isEmpty || this.reached === null ? null : { events, upTo: this.reached },
      caughtUp: this.items.length === 0 && items.at(-1)?.kind === 'caught_up',
    };
  }
}
