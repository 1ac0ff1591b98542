import Bottleneck from 'bottleneck';

export interface RateLimiterSettings {
  /** Calls of this instance under way at once. */
  readonly maxConcurrent: number;
  /** Calls that may wait for their turn; one more is refused at once. */
  readonly queueLimit: number;
  /** No call holds its place longer, whatever happens to it. */
  readonly expirationMs: number;
}

/** No place in the queue, or none in time: nothing was sent for this call. */
export class QueueFull extends Error {
  override name = 'QueueFull';
}

/**
 * Orders the calls of this instance: how many at once, in which order, how many may wait. It decides no quota:
 * bottleneck's reservoir is not used, since it forgets on restart and doubles at the turn of its interval.
 */
export class RateLimiter {
  private readonly queue: Bottleneck;

  constructor(private readonly settings: RateLimiterSettings) {
    this.queue = new Bottleneck({
      maxConcurrent: settings.maxConcurrent,
      highWater: settings.queueLimit,
      strategy: Bottleneck.strategy.OVERFLOW,
      rejectOnDrop: true,
    });
  }

  /** @throws QueueFull, or whatever the work throws */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    let started = false;
    try {
      return await this.queue.schedule({ expiration: this.settings.expirationMs }, () => {
        started = true;
        return work();
      });
    } catch (error) {
      if (error instanceof Bottleneck.BottleneckError && !started) {
        throw new QueueFull('no place in the queue', { cause: error });
      }
      throw error;
    }
  }

  /** Calls under way and waiting. */
  counts(): { readonly running: number; readonly waiting: number } {
    const { RUNNING, EXECUTING, QUEUED, RECEIVED } = this.queue.counts();
    return { running: RUNNING + EXECUTING, waiting: QUEUED + RECEIVED };
  }
}
