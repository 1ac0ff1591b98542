import type { Clock } from '../kernel/clock.js';
import { noDemand, oneMore, ratePerMs } from './domain/demand.js';
import { patienceShare } from './domain/patience.js';
import {
  planCall,
  type Call,
  type DayRange,
  type DueDay,
  type Situation,
} from './domain/planner.js';
import type { DueAsk } from './verification-queue.store.js';

/** What the queue held of a credential when it was last looked at. */
export interface SeenQueue {
  /** In the order in which they are to be asked about, merchant by merchant. */
  readonly claims: readonly DueAsk[];
  readonly days: readonly DueDay[];
  readonly tooLarge: readonly DayRange[];
}

// A contract of many calls a second must not look at a long queue for each of them.
const SEEN_FOR_MS = 250;
// However long the queue is, looking at it takes no more of the database than a tenth of one processor.
const TIMES_THE_LOOK = 10;
const SEEN_FOR_AT_MOST_MS = 1_000;

/** What one instance remembers of one credential while it speaks for it; losing it costs nothing but a second look. */
export class AskLane {
  private readonly inFlight = new Map<string, Promise<void>>();
  private readonly postponedUntilMs = new Map<string, number>();
  private readonly restingUntilMs = new Map<string, number>();
  private readonly lastTurns = new Map<string, number>();
  private turns = 0;
  private firstAsks = noDemand;
  private waitUntilMs = 0;
  private seen: { readonly queue: SeenQueue; readonly untilMs: number } | null = null;
  /** Claims that were begun since. */
  private readonly begun = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly capacity: number,
  ) {}

  get isFull(): boolean {
    return this.inFlight.size >= this.capacity;
  }

  get isEmpty(): boolean {
    return this.inFlight.size === 0;
  }

  /** How long no call of this credential could be sent anyway; 0 when one could. */
  get waitsForMs(): number {
    return Math.max(0, this.waitUntilMs - this.clock.monotonicMs());
  }

  /** No call of this credential for a while. */
  wait(forMs: number): void {
    this.waitUntilMs = this.clock.monotonicMs() + forMs;
  }

  /** True while an account is being listed, and until the queue has heard what came of it. */
  isResting(receivingAccountId: string): boolean {
    const untilMs = this.restingUntilMs.get(receivingAccountId) ?? 0;
    return this.inFlight.has(receivingAccountId) || this.clock.monotonicMs() < untilMs;
  }

  /** Leaves everything of an account alone for a while. */
  rest(receivingAccountId: string, forMs: number): void {
    this.restingUntilMs.set(receivingAccountId, this.clock.monotonicMs() + forMs);
  }

  /** Transactions and accounts that are not to be picked now. */
  busyWith(): readonly string[] {
    const nowMs = this.clock.monotonicMs();
    for (const [id, untilMs] of this.postponedUntilMs) {
      if (untilMs <= nowMs) this.postponedUntilMs.delete(id);
    }
    return [...this.inFlight.keys(), ...this.postponedUntilMs.keys()];
  }

  /** What was seen of the queue a moment ago, without what was begun since; null when that is too long ago. */
  recall(): SeenQueue | null {
    if (this.seen === null || this.clock.monotonicMs() >= this.seen.untilMs) return null;
    const { claims, ...rest } = this.seen.queue;
    return {
      ...rest,
      claims: claims.filter(({ transactionId }) => !this.begun.has(transactionId)),
    };
  }

  /** Keeps what a look at the queue brought that took so long. */
  remember(queue: SeenQueue, tookMs: number): void {
    const forMs = Math.min(SEEN_FOR_AT_MOST_MS, Math.max(SEEN_FOR_MS, tookMs * TIMES_THE_LOOK));
    this.seen = { queue, untilMs: this.clock.monotonicMs() + forMs };
    this.begun.clear();
  }

  /** What the next permit is for, merchants taking turns. */
  plan(situation: Omit<Situation<DueAsk>, 'lastTurns' | 'turns'>): Call<DueAsk> | null {
    return planCall({ ...situation, lastTurns: this.lastTurns, turns: this.turns });
  }

  /** How patient claims must be, where the contract allows one call in a time; 0 to 1. */
  patience(msPerCall: number): number {
    return patienceShare(this.firstAskShare(msPerCall));
  }

  /** How large a share of the permits first asks take, where the contract allows one call in a time. */
  firstAskShare(msPerCall: number): number {
    return msPerCall * ratePerMs(this.firstAsks, this.clock.monotonicMs());
  }

  /** A call was made for a claim that was never asked about. */
  countFirstAsk(): void {
    this.firstAsks = oneMore(this.firstAsks, this.clock.monotonicMs());
  }

  /** Leaves a transaction, or the listing of an account, alone for a while. */
  postpone(id: string, forMs: number): void {
    this.postponedUntilMs.set(id, this.clock.monotonicMs() + forMs);
  }

  /**
   * Counts the merchant's turn and keeps the work on a transaction or account until it ends. What it fails with was
   * dealt with by the work.
   */
  begin(id: string, merchantId: string, work: Promise<void>): void {
    this.turns += 1;
    this.begun.add(id);
    this.lastTurns.set(merchantId, this.turns);
    this.inFlight.set(
      id,
      work.finally(() => this.inFlight.delete(id)),
    );
  }

  /** Aborts when a call has lasted too long. */
  timeout(afterMs: number): AbortSignal {
    return this.clock.timeout(afterMs);
  }

  /** Resolves when some work ends, or after a time. */
  async anyEnded(withinMs: number): Promise<void> {
    const giveUp = new AbortController();
    const late = this.clock.pause(withinMs, giveUp.signal);
    await Promise.race([late, ...this.inFlight.values()]);
    // With a reason of its own: the usual one is an error with a stack, each turn anew, that nobody reads.
    giveUp.abort('ended');
  }

  /** Resolves when all work has ended. */
  async drained(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.all(this.inFlight.values());
  }
}
