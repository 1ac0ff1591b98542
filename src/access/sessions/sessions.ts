import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { SecurityActs, type ActContext, type SecurityAct } from '../acts/security-acts.port.js';
import { judgeRefresh } from '../domain/session.decisions.js';
import { deviceOf } from '../domain/device.js';
import { AccessTokens, type TokenHolder } from './access-tokens.js';
import { SessionSources, tokenIn } from './session-authentication.js';

/** What a person carries after signing in. */
export interface Tokens {
  readonly accessToken: string;
  readonly accessSeconds: number;
  readonly refreshToken: string;
  readonly userId: string;
}

const REFRESH_BYTES = 32;
const PREFIX = 'cr_';
// Random, so that a plain fast hash protects it.
const hashOf = (token: string): Buffer => hash('sha256', token, 'buffer');

/** What proved the person beside the password. */
export type Factor = 'none' | 'one_time_code' | 'recovery_code';

export interface Beginning {
  readonly userId: string;
  readonly merchantId: string | null;
  readonly userAgent: string | null;
  /** Whether nobody signed in to this account from there before. */
  readonly fromNewNetwork?: boolean;
  readonly factor?: Factor;
  /** A session of the same person that ends with it. */
  readonly replaces?: string | null;
}

/** Time and chance, which come from outside. */
@Injectable()
export class Nature {
  constructor(
    readonly clock: Clock,
    readonly random: RandomSource,
  ) {}
}

/** Sessions from their beginning over every renewal to their end. */
@Injectable()
export class Sessions {
  constructor(
    private readonly sources: SessionSources,
    private readonly tokens: AccessTokens,
    private readonly acts: SecurityActs,
    private readonly nature: Nature,
  ) {}

  async begin(beginning: Beginning, acting: ActContext): Promise<Tokens> {
    const { userId, userAgent, replaces = null } = beginning;
    const { store, config } = this.sources;
    const now = this.nature.clock.now();
    const sessionId = this.nature.random.uuid();
    const refreshToken = this.newRefreshToken();
    const own = { ...acting, actor: `user:${userId}` };
    await store.inTransaction(async (tx) => {
      const fromNewAgent = !(await store.knowsAgent(tx, userId, userAgent));
      await store.start(tx, {
        session_id: sessionId,
        user_id: userId,
        address: acting.address,
        user_agent: userAgent,
        started_at: now,
        last_used_at: now,
        ends_at: new Date(now.getTime() + config.longestSeconds * 1000),
      });
      await store.addRefresh(tx, sessionId, hashOf(refreshToken), now);
      await this.acts.record(startOf(beginning, sessionId, fromNewAgent), own, tx);
      if (replaces === null) return;
      await this.end(tx, { userId, only: replaces }, { because: 'signed_in_again', acting: own });
    });
    return this.handOver({ userId, sessionId }, refreshToken);
  }

  /** Whose session the header's access token belongs to; null for anything else, since no session is needed to sign in. */
  async presentedBy(authorization: string | undefined): Promise<TokenHolder | null> {
    const token = tokenIn(authorization);
    return token === null ? null : this.tokens.read(token);
  }

  /** New tokens for a refresh token; null when it is none, or none any more. */
  async renew(refreshToken: string, acting: ActContext): Promise<Tokens | null> {
    const { store, config } = this.sources;
    const next = this.newRefreshToken();
    const renewed = await store.inTransaction(async (tx) => {
      const tokenHash = hashOf(refreshToken);
      const found = await store.holdRefresh(tx, tokenHash);
      const now = this.nature.clock.now();
      const outcome = judgeRefresh(found, config.idleSeconds, now);
      if (found === null || outcome === 'refuse') return null;
      const { userId, sessionId, merchantId } = found;
      if (outcome === 'stolen') {
        await store.end(tx, { userId, only: sessionId }, { now, because: 'reuse_detected' });
        const subject = `user:${userId}`;
        const particulars = { session: sessionId };
        await this.acts.record(
          { act: 'session.reuse_detected', subject, merchantId, particulars },
          acting,
          tx,
        );
        return null;
      }
      await store.useRefresh(tx, { sessionId, tokenHash, now });
      await store.addRefresh(tx, sessionId, hashOf(next), now);
      return { userId, sessionId };
    });
    return renewed === null ? null : this.handOver(renewed, next);
  }

  /** Ends sessions of a user inside a transaction: one, all, or all but one. Tells how many. */
  async end(
    tx: DatabaseTransaction,
    which: { readonly userId: string; readonly only?: string; readonly except?: string },
    { because, acting }: { readonly because: string; readonly acting: ActContext },
  ): Promise<number> {
    const ended = await this.sources.store.end(tx, which, {
      now: this.nature.clock.now(),
      because,
    });
    if (ended > 0) {
      const act = which.only === undefined ? 'sessions.ended' : 'session.ended';
      const particulars = { because, ended, session: which.only ?? null };
      await this.acts.record({ act, subject: `user:${which.userId}`, particulars }, acting, tx);
    }
    return ended;
  }

  private newRefreshToken(): string {
    return `${PREFIX}${this.nature.random.bytes(REFRESH_BYTES).toString('base64url')}`;
  }

  private async handOver(
    holder: { readonly userId: string; readonly sessionId: string },
    refreshToken: string,
  ): Promise<Tokens> {
    return {
      accessToken: await this.tokens.issue(holder, this.nature.random),
      accessSeconds: this.sources.config.accessTokenSeconds,
      refreshToken,
      userId: holder.userId,
    };
  }
}

const startOf = (
  { userId, merchantId, userAgent, fromNewNetwork = false, factor = 'none' }: Beginning,
  sessionId: string,
  fromNewAgent: boolean,
): SecurityAct => ({
  act: 'session.started',
  subject: `user:${userId}`,
  merchantId,
  particulars: {
    session: sessionId,
    factor,
    from_new_network: fromNewNetwork,
    from_new_agent: fromNewAgent,
    device: deviceOf(userAgent),
  },
});
