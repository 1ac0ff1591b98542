import { Injectable } from '@nestjs/common';
import type { CallerIdentity } from '../access/caller.decorator.js';
import { reject, RuleViolation } from '../kernel/rejection.js';
import { MerchantSuspensions } from '../merchants/merchant-suspensions.port.js';
import { writePositionToken } from '../platform/http/position-token.js';
import type { LiveConnection } from './live-connection.js';
import { LiveConnections } from './live-connections.js';
import type { EndReason, LiveNotice } from './live-message.js';
import { LiveResumption } from './live-resumption.js';
import { LiveSubscription } from './live.subscription.js';

// A process that has just started follows the log within moments; a log that is away is not waited for.
const FOLLOWS_WITHIN_MS = 2_000;
/** What clients are asked to wait before they come again. */
export const RETRY_MS = 2_000;

/** A place that was taken for a connection, and where the updates are. */
export interface Place {
  /** Gives the place back; again does nothing. */
  readonly leave: () => void;
  /** The last place in the log that is not new to the client. */
  readonly from: bigint;
  readonly welcome: LiveNotice;
}

/** What opening a stream and opening a socket have in common. */
@Injectable()
export class LiveOpening {
  constructor(
    private readonly connections: LiveConnections,
    private readonly live: LiveSubscription,
    private readonly resumption: LiveResumption,
    private readonly suspensions: MerchantSuspensions,
  ) {}

  /**
   * Takes a place for a caller who wants to go on after a place in the log, or to begin with what happens next.
   * @throws RuleViolation `too_many_live_connections`, `live_connections_exhausted`, `merchant_suspended`
   * @throws EventStoreUnavailable
   */
  async take(caller: CallerIdentity, after: bigint | null): Promise<Place> {
    const leave = this.connections.reserve(caller);
    try {
      const { merchantId } = caller;
      if (merchantId !== null && (await this.suspensions.among([merchantId])).has(merchantId)) {
        throw new RuleViolation(reject('merchant_suspended'));
      }
      await this.live.untilFollowing(FOLLOWS_WITHIN_MS);
    } catch (error) {
      leave();
      throw error;
    }
    const from = after ?? this.live.reached;
    const id = writePositionToken({ position: from });
    return { leave, from, welcome: { type: 'welcome', id, data: { retry_ms: RETRY_MS } } };
  }

  /** What a connection is good for no more. */
  end(connection: LiveConnection, reason: EndReason): void {
    this.connections.end(connection, reason);
  }

  /** A client that hung up by itself. */
  left(connection: LiveConnection): void {
    this.connections.remove(connection, 'client_left');
  }

  /** Lets a connection follow, with what it missed before. */
  async begin(connection: LiveConnection, after: bigint | null): Promise<void> {
    this.connections.enter(connection);
    await this.resumption.begin(connection, after);
  }
}
