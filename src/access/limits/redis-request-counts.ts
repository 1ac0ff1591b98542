import { createClient, type RedisClientType } from '@redis/client';
import { CountsUnavailable, RequestCounts, type Count } from './request-counts.port.js';

const CONNECT_MS = 2_000;
// A sign-in waits for this much at most; then this instance counts alone.
const ANSWERS_WITHIN_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
const AT_ONCE = 1_000;
// Clocks of instances differ a little.
const KEPT_AFTER_WINDOW_MS = 5_000;

const keyOf = ({ policy, caller, windowStart }: Count): string =>
  `constancia:limit:${policy}:${windowStart.getTime()}:${caller}`;

/** Counts in Redis, where each disappears with its window. Connects by itself, again and again. */
export class RedisRequestCounts extends RequestCounts {
  private readonly client: RedisClientType;

  constructor(url: string) {
    super();
    this.client = createClient({
      url,
      // What cannot be asked now is not asked later: the window would be over.
      disableOfflineQueue: true,
      socket: {
        connectTimeout: CONNECT_MS,
        reconnectStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 10), LONGEST_PAUSE_MS),
      },
    });
    // Told by whoever asked in vain; without a listener it would end the process.
    this.client.on('error', () => undefined);
  }

  /** Begins to connect; whether it succeeds shows in the first answer. */
  open(): void {
    this.client.connect().catch(() => undefined);
  }

  close(): void {
    this.client.destroy();
  }

  async add(counts: readonly Count[]): Promise<readonly Count[]> {
    const sums: Count[] = [];
    for (let from = 0; from < counts.length; from += AT_ONCE) {
      sums.push(...(await this.addSome(counts.slice(from, from + AT_ONCE))));
    }
    return sums;
  }

  private async addSome(counts: readonly Count[]): Promise<readonly Count[]> {
    const multi = this.client.multi();
    for (const count of counts) {
      const key = keyOf(count);
      multi.incrBy(key, count.used);
      multi.pExpireAt(key, count.windowEnd.getTime() + KEPT_AFTER_WINDOW_MS);
    }
    const replies = await answered(multi.exec());
    return counts.map((count, at) => {
      const sum: unknown = replies[at * 2];
      if (typeof sum !== 'number') throw new CountsUnavailable('Redis answered something else');
      return { ...count, used: sum };
    });
  }
}

/** @throws CountsUnavailable, also where no answer comes at all */
async function answered<T>(reply: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new CountsUnavailable('Redis does not answer')),
      ANSWERS_WITHIN_MS,
    );
  });
  // What comes after the deadline is nobody's any more.
  reply.catch(() => undefined);
  try {
    return await Promise.race([reply, late]);
  } catch (error) {
    if (error instanceof CountsUnavailable) throw error;
    throw new CountsUnavailable('Redis is away', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
