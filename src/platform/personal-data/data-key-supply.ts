import type { DataKey } from './data-key.store.js';

export interface SupplyLimits {
  /** Keys written in one insert. */
  readonly batch: number;
  /** Refilled up to so many. */
  readonly high: number;
  /** Refilled as soon as fewer are left: what is used while an insert is under way. */
  readonly low: number;
}

// At 3,000 claims a second, `low` lasts 170 ms, many times what an insert of 256 keys takes.
const LIMITS: SupplyLimits = { batch: 256, high: 1_024, low: 512 };

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Keys that are durable already, held ready so that accepting a claim waits for no database. */
export class DataKeySupply {
  private readonly ready: DataKey[] = [];
  private waiting: Waiting[] = [];
  private refilling: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly mint: (count: number) => Promise<readonly DataKey[]>,
    private readonly limits: SupplyLimits = LIMITS,
  ) {}

  /** A key nobody else gets; waits only when none is ready. Fails as the minting does. */
  async take(): Promise<DataKey> {
    for (;;) {
      const key = this.ready.pop();
      const isLow = this.ready.length < this.limits.low && !this.closed;
      // Whoever finds none ready waits below, and then hears why.
      if (isLow || key === undefined) this.refill().catch(() => undefined);
      if (key !== undefined) return key;
      await new Promise<void>((resolve, reject) => this.waiting.push({ resolve, reject }));
    }
  }

  /** Fills up; one filling at a time, however many ask. */
  refill(): Promise<void> {
    this.refilling ??= this.fill();
    return this.refilling;
  }

  /** Waits for the insert under way; from now on a key is made only for somebody who waits for it. */
  async close(): Promise<void> {
    this.closed = true;
    // Whoever began it hears of a failure.
    await this.refilling?.catch(() => undefined);
  }

  private async fill(): Promise<void> {
    try {
      do {
        this.ready.push(...(await this.mint(this.limits.batch)));
        for (const { resolve } of this.takeWaiting()) resolve();
      } while (this.ready.length < this.limits.high && !this.closed);
      this.refilling = null;
    } catch (error) {
      // In the same turn as those who wait are told: one who comes a moment later starts a new filling.
      this.refilling = null;
      for (const { reject } of this.takeWaiting()) reject(error);
      throw error;
    }
  }

  private takeWaiting(): readonly Waiting[] {
    const waiting = this.waiting;
    this.waiting = [];
    return waiting;
  }
}
