import type { Clock } from '../../kernel/clock.js';
import { isOutsideFailure } from '../database/outside-failure.js';
import type { Metrics } from '../metrics/metrics.js';
import { RecentMap } from '../../kernel/recent-map.js';

interface FreshLookupOptions<Value> {
  /** Names the memory in metrics. */
  readonly name: string;
  /** Finds what a key stands for now; "nothing" is an answer too and is remembered like any other. */
  readonly load: (key: string) => Promise<Value>;
  /** No answer is older than this, counted from the moment its loading began. */
  readonly maxAgeMs?: number;
  /** From this age on a use starts a renewal beside it, so that a key in steady use never waits. */
  readonly renewAfterMs?: number;
  /** How old an answer may grow while the database is away, and only then; left out: no older than usual. */
  readonly bridgeOutageMs?: number;
  /** Bounds what strangers can make us remember. */
  readonly maxEntries?: number;
}

interface Remembered<Value> {
  readonly value: Value;
  readonly askedAtMs: number;
}

/** Answers from memory what was true within the last second; the same key is loaded once at a time. */
export class FreshLookup<Value> {
  private readonly remembered: RecentMap<string, Remembered<Value>>;
  private readonly loading = new Map<string, Promise<Value>>();
  private readonly maxAgeMs: number;
  private readonly renewAfterMs: number;
  private readonly bridgeOutageMs: number;
  /** The last load told that the database is away: who has something to go on with need not wait for the next. */
  private away = false;

  constructor(
    private readonly options: FreshLookupOptions<Value>,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    this.maxAgeMs = options.maxAgeMs ?? 1_000;
    this.renewAfterMs = options.renewAfterMs ?? 500;
    this.bridgeOutageMs = options.bridgeOutageMs ?? 0;
    this.remembered = new RecentMap(options.maxEntries ?? 10_000);
  }

  /** What the key stands for. Fails as `load` does when nothing is remembered that may still be used. */
  async get(key: string): Promise<Value> {
    const known = this.remembered.get(key);
    const ageMs = known === undefined ? Infinity : this.clock.monotonicMs() - known.askedAtMs;
    if (known !== undefined && ageMs < this.maxAgeMs) {
      this.count('hit');
      if (ageMs >= this.renewAfterMs) this.renewBeside(key);
      return known.value;
    }
    if (known !== undefined && ageMs < this.bridgeOutageMs) return this.renewOrBridge(key, known);
    this.count('miss');
    return this.load(key);
  }

  /** Waits for what is true now, unless the database is away. */
  private async renewOrBridge(key: string, { value }: Remembered<Value>): Promise<Value> {
    if (this.away) {
      this.count('bridged');
      this.renewBeside(key);
      return value;
    }
    this.count('miss');
    try {
      return await this.load(key);
    } catch (error) {
      if (!isOutsideFailure(error)) throw error;
      this.count('bridged');
      return value;
    }
  }

  private renewBeside(key: string): void {
    if (this.loading.has(key)) return;
    // A renewal that fails is tried again by the next use, and is an error once nothing is left that may be used.
    void this.load(key).catch(() => this.count('renewal_failed'));
  }

  private load(key: string): Promise<Value> {
    const underWay = this.loading.get(key);
    if (underWay !== undefined) return underWay;
    const askedAtMs = this.clock.monotonicMs();
    const load = this.options
      .load(key)
      .then((value) => {
        this.remembered.set(key, { value, askedAtMs });
        this.away = false;
        return value;
      })
      .catch((error: unknown) => {
        this.away = isOutsideFailure(error);
        throw error;
      })
      .finally(() => this.loading.delete(key));
    this.loading.set(key, load);
    return load;
  }

  private count(operation: 'hit' | 'miss' | 'bridged' | 'renewal_failed'): void {
    this.metrics.cacheOperationsTotal.inc({ cache: this.options.name, operation });
  }
}
