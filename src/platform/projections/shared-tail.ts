import type { LogItem, LogPosition } from '../event-store/event-store.js';

/** An item that has a place in the log. */
type Placed =
  | { readonly item: Extract<LogItem, { kind: 'event' }>; readonly at: LogPosition }
  | { readonly item: Extract<LogItem, { kind: 'checkpoint' }>; readonly at: LogPosition };

// Seconds of a busy log, some megabytes: at least as many are held, at most twice as many.
const HELD_ITEMS = 2_048;
// About as often as the store marks how far it looked for somebody whose streams stand still.
const PASSED_ITEMS = 1_000;

/** The end of the log, held for those who read it together. It lets go of the source when nobody reads any more. */
export class SharedTail {
  private placed: Placed[] = [];
  /** How many items were held before the first one that is. */
  private dropped = 0;
  private readers = 0;
  private ended = false;
  private failure: unknown = null;
  private waking: (() => void)[] = [];
  private readonly stopping = new AbortController();

  constructor(
    /** Everything after it is held; grows as items are dropped. */
    private floor: LogPosition | null,
    open: (signal: AbortSignal) => AsyncIterable<LogItem>,
  ) {
    void this.hold(open(this.stopping.signal));
  }

  get hasEnded(): boolean {
    return this.ended;
  }

  holdsAllAfter(at: LogPosition | null): boolean {
    if (this.ended) return false;
    return this.floor === null || (at !== null && at.position >= this.floor.position);
  }

  /**
   * What comes after a position, of some streams. Gives how far it read once it fell behind what is held, the source
   * ended or the signal aborted.
   * @throws what the source threw
   */
  async *read(
    after: LogPosition | null,
    streamPrefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<LogItem, LogPosition | null, undefined> {
    // More may have come, and been dropped, since somebody looked.
    if (!this.holdsAllAfter(after)) return after;
    this.readers += 1;
    const wake = (): void => this.wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      let at = after;
      let next = this.firstAfter(after);
      let passed = 0;
      while (!signal.aborted && next >= this.dropped) {
        const placed = this.placed[next - this.dropped];
        if (placed === undefined) {
          if (this.failure !== null) throw this.failure;
          if (this.ended) break;
          await this.news();
          continue;
        }
        next += 1;
        at = placed.at;
        passed = isFor(placed.item, streamPrefixes) ? 0 : passed + 1;
        if (passed === 0) yield placed.item;
        else if (passed % PASSED_ITEMS === 0) yield { kind: 'checkpoint', ...placed.at };
      }
      return at;
    } finally {
      signal.removeEventListener('abort', wake);
      this.readers -= 1;
      if (this.readers === 0) this.end(null);
    }
  }

  private async hold(source: AsyncIterable<LogItem>): Promise<void> {
    try {
      for await (const item of source) {
        if (this.ended) return;
        if (item.kind !== 'caught_up') this.push(placedOf(item));
      }
      this.end(null);
    } catch (error) {
      this.end(error);
    }
  }

  private push(placed: Placed): void {
    this.placed.push(placed);
    if (this.placed.length >= 2 * HELD_ITEMS) {
      this.floor = this.placed[HELD_ITEMS - 1]?.at ?? this.floor;
      this.placed = this.placed.slice(HELD_ITEMS);
      this.dropped += HELD_ITEMS;
    }
    this.wake();
  }

  private firstAfter(after: LogPosition | null): number {
    const last = this.placed.findLastIndex(
      ({ at }) => after !== null && at.position <= after.position,
    );
    return this.dropped + last + 1;
  }

  private news(): Promise<void> {
    return new Promise((resolve) => void this.waking.push(resolve));
  }

  private wake(): void {
    const { waking } = this;
    this.waking = [];
    for (const resolve of waking) resolve();
  }

  private end(failure: unknown): void {
    if (this.ended) return;
    this.ended = true;
    this.failure = failure;
    this.stopping.abort();
    this.wake();
  }
}

const isFor = (item: Placed['item'], streamPrefixes: readonly string[]): boolean =>
  item.kind === 'checkpoint' ||
  streamPrefixes.some((prefix) => item.event.streamName.startsWith(prefix));

function placedOf(item: Placed['item']): Placed {
  const { position, preparePosition } = item.kind === 'event' ? item.event : item;
  const at = { position, preparePosition };
  return item.kind === 'event' ? { item, at } : { item, at };
}
