import { Clock } from '../../src/kernel/clock.js';
import type { Dice } from './dice.js';

interface Entry {
  readonly atMs: number;
  /** Entries of one instant keep the order in which they were made. */
  readonly turn: number;
  action: (() => void) | null;
}

const isBefore = (one: Entry, other: Entry): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.turn < other.turn);

// Node settles all promises between two immediates of one turn of its loop; a turn for each would cost more than what
// happens in it.
const IMMEDIATES_A_TURN = 64;

/** What a signal of a simulated time-out aborts with; one made for each would gather a stack that nobody reads. */
const TIMED_OUT = new DOMException('The operation was aborted due to timeout', 'TimeoutError');

/** Time that jumps from one thing that happens to the next; nothing else moves it. */
export class VirtualTime extends Clock {
  private elapsedMs = 0;
  private turns = 0;
  private readonly heap: Entry[] = [];

  constructor(private readonly start: Date) {
    super();
  }

  now(): Date {
    return new Date(this.start.getTime() + this.elapsedMs);
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  /** Has something done later; the answer takes it back. */
  after(forMs: number, action: () => void): () => void {
    const entry: Entry = { atMs: this.elapsedMs + Math.max(0, forMs), turn: this.turns, action };
    this.turns += 1;
    this.push(entry);
    return () => (entry.action = null);
  }

  override pause(forMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.after(forMs, end);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  override timeout(afterMs: number): AbortSignal {
    const controller = new AbortController();
    this.after(afterMs, () => controller.abort(TIMED_OUT));
    return controller.signal;
  }

  /**
   * Goes from one thing to the next until nothing is left before `untilMs`, and lets everything that follows from each
   * happen before it looks. A look that says no ends it.
   */
  run(untilMs: number, goesOn: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      const end = (then: () => void): void => {
        isOver = true;
        then();
      };
      const one = (): void => {
        if (isOver) return;
        try {
          if (!goesOn() || !this.step(untilMs)) end(resolve);
        } catch (error) {
          end(() => reject(error));
        }
      };
      const turn = (): void => {
        if (isOver) return;
        for (let at = 0; at < IMMEDIATES_A_TURN; at += 1) setImmediate(one);
        setImmediate(turn);
      };
      turn();
    });
  }

  /** Goes to the next thing; false when nothing is left before `untilMs`. */
  private step(untilMs: number): boolean {
    for (let next = this.heap[0]; next !== undefined; next = this.heap[0]) {
      if (next.action !== null && next.atMs > untilMs) break;
      this.pop();
      if (next.action === null) continue;
      this.elapsedMs = next.atMs;
      next.action();
      return true;
    }
    this.elapsedMs = Math.max(this.elapsedMs, untilMs);
    return false;
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const smaller = isRight ? right : left;
      if (smaller === undefined || !isBefore(smaller, last)) break;
      heap[at] = smaller;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
  }
}

/** Postgres's clock: set anew now and then, never by more than a second (docs/decisions/0090). */
export class SteppingTime implements Pick<Clock, 'monotonicMs'> {
  private offsetMs = 0;
  private nextMs = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly dice: Dice,
    private readonly farthestMs: number,
  ) {}

  monotonicMs(): number {
    const nowMs = this.time.monotonicMs();
    if (nowMs >= this.nextMs) {
      this.offsetMs = this.dice.between(0, this.farthestMs) - this.farthestMs / 2;
      this.nextMs = nowMs + this.dice.delay(this.dice.pick([5_000, 60_000, 3_600_000]));
    }
    return nowMs + this.offsetMs;
  }
}

/** One process's view of time: its wall clock may be wrong, and it wakes no more often than its machine lets it. */
export class ProcessClock extends Clock {
  constructor(
    private readonly time: VirtualTime,
    private readonly wrongByMs: number,
    private readonly leastPauseMs: number,
  ) {
    super();
  }

  now(): Date {
    return new Date(this.time.now().getTime() + this.wrongByMs);
  }

  monotonicMs(): number {
    return this.time.monotonicMs();
  }

  override pause(forMs: number, signal: AbortSignal): Promise<void> {
    return this.time.pause(Math.max(forMs, this.leastPauseMs), signal);
  }

  override timeout(afterMs: number): AbortSignal {
    return this.time.timeout(afterMs);
  }
}
