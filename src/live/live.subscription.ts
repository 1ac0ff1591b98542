import { Injectable, Logger } from '@nestjs/common';
import { EventStoreUnavailable } from '../platform/event-store/event-store.js';
import type { LogItem, LogPosition } from '../platform/event-store/event-store.js';
import type { StoredEvent } from '../platform/event-store/stored-event.js';
import { endsWithin } from '../platform/workers/pause.js';
import type { Worker } from '../platform/workers/worker.js';
import { LiveConnections } from './live-connections.js';
import { LiveTellings } from './live-tellings.js';
import { LiveLog } from './live-terms.js';

/** The streams whose events are told. */
export const TOLD_STREAMS = ['transaction-'] as const;

/**
 * Follows the log from where it ended when this process was first asked to, and publishes what happens: a process that
 * nobody listens to reads no event twice. It has no checkpoint: whoever misses something resumes from the log. After a
 * loss of the log it goes on where it was, so that connections which stayed open miss nothing.
 */
@Injectable()
export class LiveSubscription implements Worker {
  readonly name = 'live-subscription';
  readonly role = 'api';
  readonly everyMs = 100;

  private readonly logger = new Logger('LiveSubscription');
  private readonly tellings: LiveTellings;
  private at: LogPosition | null = null;
  private begun: bigint | null = null;
  private last = 0n;
  private wanted = false;
  private following = false;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly log: LiveLog,
    private readonly connections: LiveConnections,
  ) {
    this.tellings = new LiveTellings(log.store);
  }

  /** The last event that every open connection was told of, or the end of the log when following began. */
  get reached(): bigint {
    return this.last;
  }

  /** Where the log ended when this process began to follow it; 0 before. */
  get beginning(): bigint {
    return this.begun ?? 0n;
  }

  /** @throws EventStoreUnavailable when the log cannot be followed within the time */
  async untilFollowing(withinMs: number): Promise<void> {
    this.wanted = true;
    if (this.following) return;
    const followed = new Promise<void>((resolve) => void this.waiting.push(resolve));
    if (await endsWithin(withinMs, followed)) return;
    throw new EventStoreUnavailable('the log is not followed at present');
  }

  async run(signal: AbortSignal): Promise<'idle'> {
    if (!this.wanted) return 'idle';
    if (this.begun === null) await this.begin();
    try {
      for await (const item of this.log.store.followAll(this.at, TOLD_STREAMS, signal)) {
        this.follows();
        await this.take(item);
      }
      return 'idle';
    } finally {
      this.following = false;
    }
  }

  private async begin(): Promise<void> {
    this.at = await this.log.end();
    this.begun = this.at?.position ?? 0n;
    this.last = this.begun;
  }

  private follows(): void {
    if (this.following) return;
    this.following = true;
    for (const wake of this.waiting.splice(0)) wake();
  }

  private async take(item: LogItem): Promise<void> {
    if (item.kind === 'caught_up') return;
    if (item.kind === 'event') {
      await this.publish(item.event);
      this.last = item.event.position;
    }
    const at = item.kind === 'event' ? item.event : item;
    if (this.at === null || at.position > this.at.position) {
      this.at = { position: at.position, preparePosition: at.preparePosition };
    }
  }

  private async publish(event: StoredEvent): Promise<void> {
    if (this.connections.isEmpty) {
      this.tellings.pass(event);
      return;
    }
    try {
      const message = await this.tellings.messageOf(event);
      if (message !== null) this.connections.publish(message);
    } catch (err) {
      if (err instanceof EventStoreUnavailable) throw err;
      // One stream that cannot be read must not end the updates of all others.
      this.tellings.pass(event);
      this.logger.error({ err, msg: 'an event could not be told', position: event.position });
    }
  }
}
