import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../kernel/clock.js';
import { fairTurn } from './domain/fair-turn.js';
import type { DueAsk } from './verification-queue.store.js';

/** What one instance remembers of one credential while it speaks for it; losing it costs nothing but a second look. */
export class AskLane {
  private readonly inFlight = new Map<string, Promise<void>>();
  private readonly postponedUntilMs = new Map<string, number>();
  private readonly lastTurns = new Map<string, number>();
  private turns = 0;
  private waitUntilMs = 0;

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

  /** True while no call of this credential could be sent anyway. */
  get waits(): boolean {
    return this.clock.monotonicMs() < this.waitUntilMs;
  }

  /** No call of this credential for a while. */
  wait(forMs: number): void {
    this.waitUntilMs = this.clock.monotonicMs() + forMs;
  }

  /** Transactions that are not to be picked now. */
  busyWith(): readonly string[] {
    const nowMs = this.clock.monotonicMs();
    for (const [id, untilMs] of this.postponedUntilMs) {
      if (untilMs <= nowMs) this.postponedUntilMs.delete(id);
    }
    return [...this.inFlight.keys(), ...this.postponedUntilMs.keys()];
  }

  /** Whose turn it is among those due. */
  choose(due: readonly DueAsk[]): DueAsk | null {
    return fairTurn(due, this.lastTurns);
  }

  /** Leaves a transaction alone for a while. */
  postpone(transactionId: string, forMs: number): void {
    this.postponedUntilMs.set(transactionId, this.clock.monotonicMs() + forMs);
  }

  /** Counts the merchant's turn and keeps the work until it ends; what it fails with was dealt with by the work. */
  begin({ transactionId, merchantId }: DueAsk, work: Promise<void>): void {
    this.turns += 1;
    this.lastTurns.set(merchantId, this.turns);
    this.inFlight.set(
      transactionId,
      work.finally(() => this.inFlight.delete(transactionId)),
    );
  }

  /** Resolves when some work ends, or after a time. */
  async anyEnded(withinMs: number): Promise<void> {
    const giveUp = new AbortController();
    const late = pause(withinMs, undefined, { signal: giveUp.signal }).catch(() => undefined);
    await Promise.race([late, ...this.inFlight.values()]);
    giveUp.abort();
  }

  /** Resolves when all work has ended. */
  async drained(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.all(this.inFlight.values());
  }
}
