import { Injectable, Logger } from '@nestjs/common';
import type { LogItem } from '../platform/event-store/event-store.js';
import { writePositionToken } from '../platform/http/position-token.js';
import { endsWithin } from '../platform/workers/pause.js';
import type { LiveConnection } from './live-connection.js';
import { LiveConnections } from './live-connections.js';
import type { ResetReason } from './live-message.js';
import { LiveTellings } from './live-tellings.js';
import { LiveLog, LiveTerms } from './live-terms.js';
import { LiveSubscription, TOLD_STREAMS } from './live.subscription.js';
import { Turns } from './turns.js';

// After a deployment everybody resumes at once: the log is read for a few at a time, the others wait their turn.
const AT_ONCE = 4;
// A client that does not read holds a turn for so long at most.
const READS_WITHIN_MS = 5_000;
const LONGEST_MS = 60_000;

/** Brings a client from where it was to where the updates are, without a gap and without telling anything twice. */
@Injectable()
export class LiveResumption {
  private readonly logger = new Logger('LiveResumption');
  private readonly turns = new Turns(AT_ONCE);

  constructor(
    private readonly log: LiveLog,
    private readonly live: LiveSubscription,
    private readonly connections: LiveConnections,
    private readonly terms: LiveTerms,
  ) {
    for (const outcome of ['current', 'caught_up', 'reset', 'failed']) {
      terms.metrics.liveResumptions.inc({ outcome }, 0);
    }
  }

  /** Tells a connection what it missed and lets it follow. It never throws: what fails ends the connection. */
  async begin(connection: LiveConnection, after: bigint | null): Promise<void> {
    if (after === null) return this.connections.follow(connection);
    try {
      await this.resume(connection, after);
    } catch (error) {
      await this.endUnlessUnknown(connection, error);
    }
  }

  private async resume(connection: LiveConnection, after: bigint): Promise<void> {
    if (after < this.live.reached) {
      return this.turns.take(() => this.catchUp(connection, after));
    }
    // Another instance may be ahead of this one; nobody is ahead of the log.
    if (after > this.live.reached && after > ((await this.log.end())?.position ?? 0n)) {
      return this.reset(connection, 'unknown_position');
    }
    this.join(connection, 'current');
  }

  private async catchUp(connection: LiveConnection, after: bigint): Promise<void> {
    if (connection.ended) return;
    const from = after === 0n ? null : { position: after, preparePosition: after };
    const tellings = new LiveTellings(this.log.store);
    const patience = AbortSignal.timeout(LONGEST_MS);
    let seen = after;
    let looked = 0;
    for await (const item of this.log.store.followAll(from, TOLD_STREAMS, patience)) {
      if (item.kind === 'event') {
        looked += 1;
        if (looked > this.terms.config.lookBackEvents)
          return this.reset(connection, 'too_long_ago');
        const message = await tellings.messageOf(item.event);
        if (message !== null && !connection.offer(message)) return this.tooSlow(connection);
        if (!(await endsWithin(READS_WITHIN_MS, connection.caughtUp()))) {
          return this.tooSlow(connection);
        }
      }
      if (connection.ended) return;
      seen = furthest(seen, item, this.live.beginning);
      // Nothing is awaited from here until it is added: what the subscription tells next, it is told too.
      if (seen >= this.live.reached) return this.join(connection, 'caught_up', seen);
    }
    throw new Error('the updates were not reached in time');
  }

  private join(
    connection: LiveConnection,
    outcome: 'current' | 'caught_up' | 'reset',
    seen = connection.sentUpTo,
  ): void {
    if (connection.ended) return;
    if (seen > connection.sentUpTo) connection.sentUpTo = seen;
    this.terms.metrics.liveResumptions.inc({ outcome });
    this.connections.follow(connection);
  }

  /** What was missed cannot be told: from here on, and the rest is in the lists. */
  private reset(connection: LiveConnection, reason: ResetReason): void {
    const { reached } = this.live;
    connection.sentUpTo = reached;
    const id = writePositionToken({ position: reached });
    connection.send({ type: 'reset', id, data: { reason } });
    this.join(connection, 'reset');
  }

  private tooSlow(connection: LiveConnection): void {
    this.terms.metrics.liveResumptions.inc({ outcome: 'failed' });
    this.connections.end(connection, 'too_slow');
  }

  /** A log that answers, and only not from that place, was exchanged for another one or lost its tail. */
  private async endUnlessUnknown(connection: LiveConnection, err: unknown): Promise<void> {
    this.logger.warn({ err, msg: 'a client could not resume' });
    const answers = await this.log.end().then(
      () => true,
      () => false,
    );
    if (connection.ended) return;
    if (answers) return this.reset(connection, 'unknown_position');
    this.terms.metrics.liveResumptions.inc({ outcome: 'failed' });
    this.connections.end(connection, 'log_unavailable');
  }
}

/** How far the log was seen with one more item; once it was seen to its end, beyond where the updates began. */
function furthest(seen: bigint, item: LogItem, beginning: bigint): bigint {
  const position = item.kind === 'caught_up' ? beginning : positionOf(item);
  return position > seen ? position : seen;
}

const positionOf = (item: Exclude<LogItem, { kind: 'caught_up' }>): bigint =>
  item.kind === 'event' ? item.event.position : item.position;
