import { Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.js';
import type { Permit, PermitLog, PermitRequest } from './permit-log.port.js';

/** No permit could be had in the time a call may wait for one: nothing was sent. */
export class NoPermit extends Error {
  override name = 'NoPermit';

  constructor(options?: ErrorOptions) {
    super('no permit in time', options);
  }
}

export interface AskPermitsOptions {
  readonly log: PermitLog;
  readonly clock: Clock;
  readonly request: PermitRequest;
  /** Taken already by whoever planned the call; null when there is none. */
  readonly handed: Permit | null;
  /** How long an attempt may wait for a permit of its own. */
  readonly waitMs: number;
}

/** The permits of one ask: the one handed in for its first attempt, then one more for every further attempt. */
export class AskPermits {
  private readonly logger = new Logger('AskPermits');
  private readonly used: string[] = [];
  private handed: Permit | null;
  private nextFreeMs: number | null = null;

  constructor(private readonly options: AskPermitsOptions) {
    this.handed = options.handed;
  }

  /** Every permit under which something was tried, in order. */
  get usedIds(): readonly string[] {
    return this.used;
  }

  /** What the log last said about the wait for a permit; null when it gave one or could not be read. */
  get nextFreeInMs(): number | null {
    return this.nextFreeMs;
  }

  /**
   * A permit that is valid now.
   * @throws NoPermit  none was free in time, the signal aborted, or the log could not be read
   */
  async next(signal: AbortSignal): Promise<Permit> {
    const permit = (await this.unlapsed()) ?? (await this.take(signal));
    this.used.push(permit.permitId);
    return permit;
  }

  /** The bank counted the call no later than now, or it never left. */
  async settle(permit: Permit): Promise<void> {
    try {
      await this.options.log.resolve(permit.permitId);
    } catch (error) {
      // The permit only counts longer than it must: until its deadline.
      const cause = error instanceof Error ? error.name : 'unknown';
      this.logger.warn({ msg: 'permit not settled', permitId: permit.permitId, cause });
    }
  }

  /** Nothing will be sent under the permit handed in any more. */
  async giveBackUnused(): Promise<void> {
    const permit = this.handed;
    this.handed = null;
    if (permit !== null) await this.settle(permit);
  }

  private isValid(permit: Permit): boolean {
    return this.options.clock.monotonicMs() < permit.validUntilMonotonicMs;
  }

  private async unlapsed(): Promise<Permit | null> {
    const permit = this.handed;
    if (permit !== null && !this.isValid(permit)) {
      await this.giveBackUnused();
      return null;
    }
    this.handed = null;
    return permit;
  }

  private async take(signal: AbortSignal): Promise<Permit> {
    const { clock, waitMs } = this.options;
    const untilMs = clock.monotonicMs() + waitMs;
    for (;;) {
      const answer = await this.tryTake();
      this.nextFreeMs = answer.outcome === 'wait' ? answer.waitMs : null;
      if (answer.outcome === 'taken') {
        if (this.isValid(answer.permit)) return answer.permit;
        await this.settle(answer.permit);
        if (clock.monotonicMs() >= untilMs) throw new NoPermit();
        continue;
      }
      if (clock.monotonicMs() + answer.waitMs > untilMs) throw new NoPermit();
      await clock.pause(answer.waitMs, signal);
      if (signal.aborted) throw new NoPermit({ cause: signal.reason });
    }
  }

  private async tryTake() {
    try {
      return await this.options.log.tryTake(this.options.request);
    } catch (error) {
      throw new NoPermit({ cause: error });
    }
  }
}
