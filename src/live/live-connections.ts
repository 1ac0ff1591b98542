import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { CallerIdentity } from '../access/caller.decorator.js';
import { reject, RuleViolation } from '../kernel/rejection.js';
import { Lifecycle } from '../platform/health/lifecycle.js';
import type { LiveConnection } from './live-connection.js';
import type { EndReason, LiveMessage, LiveNotice } from './live-message.js';
import { LiveTerms } from './live-terms.js';

const FREE_AGAIN_SECONDS = 5;

// Whoever sees every merchant's data has one place, each merchant and mode another.
const audienceOf = ({ merchantId, mode }: CallerIdentity): string =>
  merchantId === null ? 'staff' : `${merchantId} ${mode}`;

/** Every live connection of this process: how many there may be, and who is sent what. */
@Injectable()
export class LiveConnections implements BeforeApplicationShutdown {
  private readonly logger = new Logger('LiveConnections');
  private readonly open = new Set<LiveConnection>();
  /** Those that follow; one that still catches up is told what happens by the log. */
  private readonly byAudience = new Map<string, Set<LiveConnection>>();
  /** Also those that are being opened, so that many at once do not pass the bound together. */
  private readonly placesOf = new Map<string, number>();
  private places = 0;
  private closed = false;

  constructor(
    private readonly terms: LiveTerms,
    lifecycle: Lifecycle,
  ) {
    // At the beginning of the drain: clients resume at another instance before this one closes its door.
    lifecycle.stopping.addEventListener('abort', () => this.close(), { once: true });
    for (const kind of ['stream', 'socket']) {
      terms.metrics.liveConnections.set({ kind }, 0);
      terms.metrics.liveMessages.inc({ kind }, 0);
    }
    for (const reason of ['process_full', 'caller_full'])
      terms.metrics.liveRefused.inc({ reason }, 0);
  }

  beforeApplicationShutdown(): void {
    this.close();
  }

  /** True while nobody follows. */
  get isEmpty(): boolean {
    return this.byAudience.size === 0;
  }

  all(): readonly LiveConnection[] {
    return [...this.open];
  }

  /**
   * Takes a place for one more connection of a caller, and answers how to give it back.
   * @throws RuleViolation `too_many_live_connections`, `live_connections_exhausted`
   */
  reserve({ actor }: Pick<CallerIdentity, 'actor'>): () => void {
    const { connections, connectionsPerCaller: limit } = this.terms.config;
    const retryAfterSeconds = FREE_AGAIN_SECONDS;
    if (this.closed || this.places >= connections) {
      if (!this.closed) this.terms.metrics.liveRefused.inc({ reason: 'process_full' });
      throw new RuleViolation(reject('live_connections_exhausted', { retryAfterSeconds }));
    }
    const own = this.placesOf.get(actor) ?? 0;
    if (own >= limit) {
      this.terms.metrics.liveRefused.inc({ reason: 'caller_full' });
      throw new RuleViolation(reject('too_many_live_connections', { limit, retryAfterSeconds }));
    }
    this.places += 1;
    this.placesOf.set(actor, own + 1);
    return once(() => {
      this.places -= 1;
      const left = (this.placesOf.get(actor) ?? 1) - 1;
      if (left === 0) this.placesOf.delete(actor);
      else this.placesOf.set(actor, left);
    });
  }

  /** One that has opened and is not told anything yet. */
  enter(connection: LiveConnection): void {
    this.open.add(connection);
    this.terms.metrics.liveConnections.inc({ kind: connection.kind });
    // The process began to stop while this one was opened.
    if (this.closed) this.end(connection, 'stopping');
  }

  /** From here on it is told what happens. */
  follow(connection: LiveConnection): void {
    if (!this.open.has(connection)) return;
    const audience = audienceOf(connection.caller);
    const others = this.byAudience.get(audience) ?? new Set();
    this.byAudience.set(audience, others.add(connection));
  }

  /** Takes out a connection that has ended; again does nothing. */
  remove(connection: LiveConnection, reason: EndReason): void {
    if (!this.open.delete(connection)) return;
    const audience = audienceOf(connection.caller);
    const others = this.byAudience.get(audience);
    others?.delete(connection);
    if (others?.size === 0) this.byAudience.delete(audience);
    const { kind } = connection;
    this.terms.metrics.liveConnections.dec({ kind });
    this.terms.metrics.liveConnectionsEnded.inc({ kind, reason });
    this.logger.log({ msg: 'a live connection ended', kind, reason });
  }

  /** To everybody who may see it and asked for it. */
  publish(message: LiveMessage): void {
    const { merchant_id: merchantId, mode } = message.message.data.transaction;
    for (const audience of ['staff', `${merchantId} ${mode}`]) {
      for (const connection of this.byAudience.get(audience) ?? []) {
        if (!connection.offer(message)) this.end(connection, 'too_slow');
      }
    }
  }

  /** To every connection of one caller, whether a page, a second page or a program. */
  tell(actor: string, notice: LiveNotice): void {
    for (const connection of this.all()) {
      if (connection.caller.actor === actor) connection.send(notice);
    }
  }

  end(connection: LiveConnection, reason: EndReason): void {
    this.remove(connection, reason);
    connection.end(reason);
  }

  private close(): void {
    this.closed = true;
    for (const connection of this.all()) this.end(connection, 'stopping');
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
