import type { Clock } from '../../kernel/clock.js';
import type { Metrics } from '../metrics/metrics.js';
import { RecentMap } from './recent-map.js';

interface FreshLookupOptions<Value> {
  /** Names the memory in metrics. */
  readonly name: string;
  /** Finds what a key stands for now; "nothing" is an answer too and is remembered like any other. */
  readonly load: (key: string) => Promise<Value>;
  /** No answer is older than this, counted from the moment its loading began. */
  readonly maxAgeMs?: number;
  /** From this age on a use starts a renewal beside it, so that a key in steady use never waits. */
  readonly renewAfterMs?: number;
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

  constructor(
    private readonly options: FreshLookupOptions<Value>,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    this.maxAgeMs = options.maxAgeMs ?? 1_000;
    this.renewAfterMs = options.renewAfterMs ?? 500;
    this.remembered = new RecentMap(options.maxEntries ?? 10_000);
  }

  /** What the key stands for. Fails as `load` does when nothing fresh is remembered. */
  async get(key: string): Promise<Value> {
    const known = this.remembered.get(key);
    const ageMs = known === undefined ? Infinity : this.clock.monotonicMs() - known.askedAtMs;
    if (known === undefined || ageMs >= this.maxAgeMs) {
      this.count('miss');
      return this.load(key);
    }
    this.count('hit');
    if (ageMs >= this.renewAfterMs && !this.loading.has(key)) {
      // A renewal that fails is tried again by the next use, and is an error once nothing fresh is left.
      void this.load(key).catch(() => this.count('renewal_failed'));
    }
    return known.value;
  }

  private load(key: string): Promise<Value> {
    const underWay = this.loading.get(key);
    if (underWay !== undefined) return underWay;
    const askedAtMs = this.clock.monotonicMs();
    const load = this.options
      .load(key)
      .then((value) => {
        this.remembered.set(key, { value, askedAtMs });
        return value;
      })
      .finally(() => this.loading.delete(key));
    this.loading.set(key, load);
    return load;
  }

  private count(operation: 'hit' | 'miss' | 'renewal_failed'): void {
    this.metrics.cacheOperationsTotal.inc({ cache: this.options.name, operation });
  }
}
