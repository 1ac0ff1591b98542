import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { ProblemError } from '../../platform/http/problem.js';
import { FreshLookup } from '../../platform/memory/fresh-lookup.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { TotpDemand } from '../auth/totp-demand.js';
import type { CallerIdentity, UserSession } from '../caller.decorator.js';
import { PERMISSIONS_OF_ROLE, type Permission } from '../domain/permissions.js';
import { isOver } from '../domain/session.decisions.js';
import { AccessTokens, type PresentedToken } from './access-tokens.js';
import { SessionStore, type SessionOfUser } from './session.store.js';
import { SessionsConfig } from './sessions.config.js';

const TOKEN = /^Bearer +(ey[\w-]{1,2000}\.[\w-]{1,2000}\.[\w-]{1,200}) *$/i;

/** True for what looks like an access token rather than a key. */
export const looksLikeToken = (authorization: string | undefined): authorization is string =>
  authorization !== undefined && TOKEN.test(authorization);

/** The access token in the header; null for anything else. */
export const tokenIn = (authorization: string | undefined): string | null =>
  TOKEN.exec(authorization ?? '')?.[1] ?? null;

/** Where sessions are found, how long they live and what is asked of their people. */
@Injectable()
export class SessionSources {
  constructor(
    readonly store: SessionStore,
    readonly config: SessionsConfig,
    readonly demand: TotpDemand,
  ) {}
}

/** Tells from an access token who is calling. What the person may do is read from its user, at most a second old. */
@Injectable()
export class SessionAuthentication {
  private readonly sessions: FreshLookup<SessionOfUser | null>;
  private readonly idleSeconds: number;

  constructor(
    private readonly tokens: AccessTokens,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly sources: SessionSources,
  ) {
    const { store, config } = sources;
    this.idleSeconds = config.idleSeconds;
    this.sessions = new FreshLookup(
      { name: 'session', load: (sessionId) => store.find(sessionId) },
      clock,
      metrics,
    );
  }

  async identify(authorization: string): Promise<CallerIdentity> {
    const holder = await this.tokens.read(tokenIn(authorization) ?? '');
    const found = holder === null ? null : await this.sessions.get(holder.sessionId);
    if (holder === null || found === null) throw this.refused('invalid');
    const identity = this.holderOf(found, holder);
    if (identity === null) throw this.refused('ended');
    this.metrics.authTokenValidationsTotal.inc({ result: 'valid' });
    return identity;
  }

  /** Who of those that came in by a token would come in by it now; the database is asked once for all. */
  async review(staying: readonly UserSession[]): Promise<ReadonlyMap<UserSession, CallerIdentity>> {
    const found = await this.sources.store.findAll(staying.map(({ sessionId }) => sessionId));
    const bySession = new Map(found.map((one) => [one.session.session_id, one]));
    return new Map(
      staying.flatMap((session): [UserSession, CallerIdentity][] => {
        const now = bySession.get(session.sessionId);
        if (now === undefined || session.tokenEndsAt <= this.clock.now()) return [];
        const identity = this.holderOf(now, { ...session, endsAt: session.tokenEndsAt });
        return identity === null ? [] : [[session, identity]];
      }),
    );
  }

  /** Null for a session that ended, by itself or by somebody. */
  private holderOf(
    { session, user }: SessionOfUser,
    { userId, endsAt }: PresentedToken,
  ): CallerIdentity | null {
    if (session.user_id !== userId || session.ended_at !== null || user.disabled) return null;
    const lived = { endsAt: session.ends_at, lastUsedAt: session.last_used_at };
    if (isOver(lived, this.idleSeconds, this.clock.now())) return null;
    const owes = this.owedBy(user);
    return {
      actor: `user:${user.user_id}`,
      merchantId: user.merchant_id,
      mode: 'live',
      permissions: permissionsOf(user, owes),
      session: {
        userId: user.user_id,
        sessionId: session.session_id,
        owes,
        tokenEndsAt: endsAt,
      },
    };
  }

  private owedBy(user: SessionOfUser['user']): UserSession['owes'] {
    if (user.must_change_password) return 'password_change';
    return this.sources.demand.isOwedBy(user) ? 'totp_setup' : null;
  }

  private refused(result: 'invalid' | 'ended'): ProblemError {
    this.metrics.authTokenValidationsTotal.inc({ result });
    return new ProblemError('not_authenticated', {
      headers: { 'www-authenticate': 'Bearer realm="constancia", error="invalid_token"' },
    });
  }
}

// Until the password that somebody else chose is changed and a demanded second factor is there, a person can do nothing
// but look after that.
const permissionsOf = (
  { role }: SessionOfUser['user'],
  owes: UserSession['owes'],
): ReadonlySet<Permission> =>
  new Set(owes !== null || role === null ? ['self'] : PERMISSIONS_OF_ROLE[role]);
