import { Injectable, Logger } from '@nestjs/common';
import type { CallerIdentity } from '../access/caller.decorator.js';
import { StayingCallers } from '../access/standing/staying-callers.port.js';
import { Clock } from '../kernel/clock.js';
import { MerchantSuspensions } from '../merchants/merchant-suspensions.port.js';
import { DatabaseConfig } from '../platform/config/config.schema.js';
import { isOutsideFailure } from '../platform/database/outside-failure.js';
import type { Worker } from '../platform/workers/worker.js';
import type { LiveConnection } from './live-connection.js';
import { LiveConnections } from './live-connections.js';
import type { EndReason } from './live-message.js';
import { LiveConfig } from './live.config.js';

/** Who may stay: callers by their keys and tokens, merchants unless they are suspended. */
@Injectable()
export class LiveStanding {
  constructor(
    readonly callers: StayingCallers,
    readonly suspensions: MerchantSuspensions,
  ) {}
}

/** How often connections show that they are alive, and how long nobody may be able to say who may stay. */
@Injectable()
export class LiveTimes {
  readonly beatMs: number;
  readonly bridgeMs: number;

  constructor(
    readonly clock: Clock,
    { heartbeatSeconds }: LiveConfig,
    { outageBridgeMs }: DatabaseConfig,
  ) {
    this.beatMs = heartbeatSeconds * 1_000;
    this.bridgeMs = outageBridgeMs;
  }
}

/** Sees to it that nobody stays who may not any more, and that connections show that they are alive. */
@Injectable()
export class LiveWatchWorker implements Worker {
  readonly name = 'live-watch';
  readonly role = 'api';
  // A key that is revoked ends its streams within this and one look into the database.
  readonly everyMs = 500;

  private readonly logger = new Logger('LiveWatch');
  private readonly beatenAt = new WeakMap<LiveConnection, number>();
  private provenAtMs: number;

  constructor(
    private readonly connections: LiveConnections,
    private readonly standing: LiveStanding,
    private readonly times: LiveTimes,
  ) {
    this.provenAtMs = times.clock.monotonicMs();
  }

  async run(): Promise<'idle'> {
    const connections = this.connections.all();
    const now = this.times.clock.monotonicMs();
    for (const connection of connections) this.beat(connection, now);
    try {
      await this.review(connections);
      this.provenAtMs = this.times.clock.monotonicMs();
    } catch (error) {
      if (!isOutsideFailure(error)) throw error;
      this.endUnproven(connections, error);
    }
    return 'idle';
  }

  private beat(connection: LiveConnection, now: number): void {
    const beaten = this.beatenAt.get(connection);
    if (beaten === undefined) this.beatenAt.set(connection, now);
    if (beaten === undefined || now - beaten < this.times.beatMs) return;
    this.beatenAt.set(connection, now);
    if (!connection.beat()) this.connections.end(connection, reasonOfSilence(connection));
  }

  private async review(connections: readonly LiveConnection[]): Promise<void> {
    if (connections.length === 0) return;
    const merchants = new Set(connections.flatMap(({ caller }) => caller.merchantId ?? []));
    const [proven, suspended] = await Promise.all([
      this.standing.callers.review(connections.map(({ caller }) => caller)),
      this.standing.suspensions.among([...merchants]),
    ]);
    const told = new Set<string>();
    for (const connection of connections) {
      const now = proven.get(connection.caller) ?? null;
      const reason = reasonAgainst(connection.caller, now, suspended);
      if (reason !== null || now === null) {
        this.connections.end(connection, reason ?? 'no_longer_authenticated');
        continue;
      }
      const changed = !isSameSet(connection.caller.permissions, now.permissions);
      connection.caller = now;
      if (changed && !told.has(now.actor)) this.tellPermissions(now);
      if (changed) told.add(now.actor);
    }
  }

  /** On all pages that the person has open: what they may do there is another now. */
  private tellPermissions({ actor, permissions }: CallerIdentity): void {
    this.connections.tell(actor, {
      type: 'permissions',
      data: { permissions: [...permissions].sort() },
    });
  }

  /** Nobody can revoke a key either while the database is away; but not for ever. */
  private endUnproven(connections: readonly LiveConnection[], err: unknown): void {
    if (this.times.clock.monotonicMs() - this.provenAtMs < this.times.bridgeMs) return;
    if (connections.length > 0) {
      this.logger.warn({ err, msg: 'live connections end: nobody can say who may stay' });
    }
    for (const connection of connections) this.connections.end(connection, 'unproven');
  }
}

const isSameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((member) => other.has(member));

const reasonOfSilence = ({ kind }: LiveConnection): EndReason =>
  kind === 'socket' ? 'silent' : 'too_slow';

/** Why a caller may not stay; null when it may. */
export function reasonAgainst(
  before: CallerIdentity,
  now: CallerIdentity | null,
  suspended: ReadonlySet<string>,
): EndReason | null {
  if (now === null) return 'no_longer_authenticated';
  const isSame = now.merchantId === before.merchantId && now.mode === before.mode;
  if (!isSame || !now.permissions.has('transactions:read')) return 'no_longer_permitted';
  return now.merchantId !== null && suspended.has(now.merchantId) ? 'merchant_suspended' : null;
}
