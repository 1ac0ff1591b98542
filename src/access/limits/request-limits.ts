import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { RecentMap } from '../../kernel/recent-map.js';
import { LimitsConfig, type LimitPolicy } from './limits.config.js';
import { CountsUnavailable, RequestCounts, type Count } from './request-counts.port.js';
import { quotaAfter, windowStartMs, type Quota } from './request-window.js';

// Callers of one window that this instance remembers; more would be a flood of addresses, which a proxy must stop.
const REMEMBERED = 50_000;

interface Uses {
  readonly policy: LimitPolicy;
  readonly caller: string;
  readonly startMs: number;
  /** Over all instances, as far as this one has heard, and its own since. */
  used: number;
  /** Its own that the others have not heard of. */
  untold: number;
}

/** Counts requests in memory, so that none waits; `RequestCountsWorker` brings the counts of all instances together. */
@Injectable()
export class RequestLimits {
  private readonly uses = new RecentMap<string, Uses>(REMEMBERED);
  private untold = new Set<Uses>();

  constructor(
    private readonly config: LimitsConfig,
    private readonly store: RequestCounts,
    private readonly clock: Clock,
  ) {}

  /** One more request of a caller; other instances hear of it within a second. */
  take(policy: LimitPolicy, caller: string): Quota {
    const nowMs = this.clock.now().getTime();
    const uses = this.usesOf(policy, caller, nowMs);
    uses.used += 1;
    uses.untold += 1;
    this.untold.add(uses);
    return quotaAfter(this.config[policy], uses.used, nowMs);
  }

  /** The same, counted by all instances together before it is answered; by this one alone while they cannot be reached. */
  async takeExactly(policy: LimitPolicy, caller: string): Promise<Quota> {
    const nowMs = this.clock.now().getTime();
    const uses = this.usesOf(policy, caller, nowMs);
    uses.used += 1;
    try {
      const [sum] = await this.store.add([this.countOf(uses, 1)]);
      uses.used = Math.max(uses.used, sum?.used ?? 0);
      return quotaAfter(this.config[policy], sum?.used ?? uses.used, nowMs);
    } catch (error) {
      if (!(error instanceof CountsUnavailable)) throw error;
      return quotaAfter(this.config[policy], uses.used, nowMs);
    }
  }

  /** Tells the others and hears of theirs. */
  async exchange(): Promise<void> {
    const told = [...this.untold];
    if (told.length === 0) return;
    this.untold = new Set();
    const counts = told.map((uses) => this.countOf(uses, uses.untold));
    const sums = await this.store.add(counts).catch((error: unknown) => {
      for (const uses of told) this.untold.add(uses);
      throw error;
    });
    told.forEach((uses, at) => (uses.untold -= counts[at]?.used ?? 0));
    const byCaller = new Map(
      sums.map((sum) => [keyOf(sum.policy, sum.caller, sum.windowStart.getTime()), sum.used]),
    );
    for (const uses of told) {
      const sum = byCaller.get(keyOf(uses.policy, uses.caller, uses.startMs)) ?? 0;
      // Those of its own that came in meanwhile are not in the sum.
      uses.used = Math.max(uses.used, sum + uses.untold);
    }
  }

  private countOf({ policy, caller, startMs }: Uses, used: number): Count {
    const windowEnd = new Date(startMs + this.config[policy].seconds * 1000);
    return { policy, caller, windowStart: new Date(startMs), windowEnd, used };
  }

  private usesOf(policy: LimitPolicy, caller: string, nowMs: number): Uses {
    const startMs = windowStartMs(this.config[policy], nowMs);
    const key = `${policy} ${caller}`;
    const known = this.uses.get(key);
    if (known !== undefined && known.startMs === startMs) return known;
    const fresh: Uses = { policy, caller, startMs, used: 0, untold: 0 };
    this.uses.set(key, fresh);
    return fresh;
  }
}

const keyOf = (policy: string, caller: string, startMs: number): string =>
  `${policy} ${startMs} ${caller}`;
