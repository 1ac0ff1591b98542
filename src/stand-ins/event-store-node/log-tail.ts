/** One event of `$all`; without its bytes where a filter may pass over it. */
export interface LogLine {
  readonly position: number;
  readonly stream: string;
  readonly type: string;
  readonly record?: Buffer;
}

/** One event of `$all` with its bytes. */
export interface LogEntry extends LogLine {
  readonly record: Buffer;
}

/** How much of the newest log stays in memory for live subscribers. */
const ENTRIES_KEPT = 4096;
const BYTES_KEPT = 8 * 1024 * 1024;

type Wake = () => void;

/**
 * The newest part of the log in memory, and who waits for more.
 * A subscriber that fell out of it reads the file again, so a slow one costs no memory.
 */
export class LogTail {
  private entries: LogEntry[] = [];
  private bytes = 0;
  /** Everything after this position is in `entries`. */
  private completeAfter: number;
  private readonly waitingForAny = new Set<Wake>();
  private readonly waitingForStream = new Map<string, Set<Wake>>();

  constructor(public lastPosition: number) {
    this.completeAfter = lastPosition;
  }

  /** Takes over what a transaction committed and wakes those who wait for it. */
  push(committed: readonly LogEntry[]): void {
    for (const entry of committed) {
      this.entries.push(entry);
      this.bytes += entry.record.length;
      this.lastPosition = entry.position;
    }
    this.trim();
    for (const wake of this.waitingForAny) wake();
    if (this.waitingForStream.size === 0) return;
    for (const stream of new Set(committed.map((entry) => entry.stream))) {
      for (const wake of this.waitingForStream.get(stream) ?? []) wake();
    }
  }

  /** The entries after a position; null when memory does not reach back that far. */
  after(position: number, limit: number): readonly LogEntry[] | null {
    if (position < this.completeAfter) return null;
    const from = this.indexAfter(position);
    return this.entries.slice(from, from + limit);
  }

  /** Calls back whenever the log has grown; returns how to stop. */
  onGrowth(wake: Wake): () => void {
    this.waitingForAny.add(wake);
    return () => this.waitingForAny.delete(wake);
  }

  /** Calls back whenever one stream has grown; returns how to stop. */
  onStreamGrowth(stream: string, wake: Wake): () => void {
    const waiting = this.waitingForStream.get(stream) ?? new Set<Wake>();
    this.waitingForStream.set(stream, waiting.add(wake));
    return () => {
      waiting.delete(wake);
      if (waiting.size === 0) this.waitingForStream.delete(stream);
    };
  }

  private indexAfter(position: number): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle]?.position ?? Infinity) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Drops a quarter at a time, since cutting one entry per push would copy the rest each time. */
  private trim(): void {
    while (this.entries.length > ENTRIES_KEPT || this.bytes > BYTES_KEPT) {
      const dropped = this.entries.splice(0, Math.max(1, this.entries.length >>> 2));
      for (const entry of dropped) this.bytes -= entry.record.length;
      this.completeAfter = dropped.at(-1)?.position ?? this.completeAfter;
    }
  }
}
