import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Metrics } from '../../platform/metrics/metrics.js';
import { PostgresRequestCounts } from './postgres-request-counts.store.js';
import type { RedisRequestCounts } from './redis-request-counts.js';
import { RedisConfig } from './redis.config.js';
import { CountsUnavailable, RequestCounts, type Count } from './request-counts.port.js';

/** Redis where it is configured, else Postgres; says once when counts are no longer shared, and once when they are. */
@Injectable()
export class SharedRequestCounts
  extends RequestCounts
  implements OnApplicationBootstrap, OnApplicationShutdown
{
  private readonly logger = new Logger('SharedRequestCounts');
  private readonly redisUrl: string;
  private store: RequestCounts;
  private redis: RedisRequestCounts | null = null;
  private away = false;

  constructor(
    postgres: PostgresRequestCounts,
    { url }: RedisConfig,
    private readonly metrics: Metrics,
  ) {
    super();
    this.redisUrl = url.reveal();
    this.store = postgres;
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.redisUrl === '') return;
    // Loaded only where it is used.
    const { RedisRequestCounts } = await import('./redis-request-counts.js');
    this.redis = new RedisRequestCounts(this.redisUrl);
    this.redis.open();
    this.store = this.redis;
  }

  onApplicationShutdown(): void {
    this.redis?.close();
  }

  async add(counts: readonly Count[]): Promise<readonly Count[]> {
    try {
      const done = await this.store.add(counts);
      if (this.away) this.logger.warn({ msg: 'counts of requests are shared again' });
      this.away = false;
      return done;
    } catch (error) {
      if (!(error instanceof CountsUnavailable)) throw error;
      this.metrics.rateLimitUnsharedTotal.inc();
      if (!this.away) {
        this.logger.warn({ msg: `each instance counts requests alone: ${error.message}` });
      }
      this.away = true;
      throw error;
    }
  }
}
