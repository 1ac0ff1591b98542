import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection, type DatabaseTransaction } from '../../platform/database/database.js';
import type { PresentedRefresh } from '../domain/session.decisions.js';
import '../users/user.table.js';
import type { UserRow } from '../users/user.table.js';
import type { NewSessionRow, SessionRow } from './session.table.js';

/** A refresh token that is presented, with whose it is. */
export interface FoundRefresh extends PresentedRefresh {
  readonly sessionId: string;
  readonly userId: string;
  readonly merchantId: string | null;
}

/** A session with its user. */
export interface SessionOfUser {
  readonly session: SessionRow;
  readonly user: Pick<
    UserRow,
    'user_id' | 'role' | 'merchant_id' | 'disabled' | 'must_change_password' | 'totp_confirmed'
  >;
}

@Injectable()
export class SessionStore {
  constructor(private readonly db: DatabaseConnection) {}

  inTransaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.db.kysely.transaction().execute(work);
  }

  async start(tx: DatabaseTransaction, session: NewSessionRow): Promise<void> {
    await tx.insertInto('state.session').values(session).execute();
  }

  /** Whether a user had a session with such a program before, as long as sessions are kept. */
  async knowsAgent(
    tx: DatabaseTransaction,
    userId: string,
    userAgent: string | null,
  ): Promise<boolean> {
    const row = await tx
      .selectFrom('state.session')
      .select('session_id')
      .where('user_id', '=', userId)
      .where('user_agent', 'is not distinct from', userAgent)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async addRefresh(
    tx: DatabaseTransaction,
    sessionId: string,
    tokenHash: Buffer,
    now: Date,
  ): Promise<void> {
    await tx
      .insertInto('state.refresh_token')
      .values({ token_hash: tokenHash, session_id: sessionId, issued_at: now })
      .execute();
  }

  /** A refresh token with its session, held so that two that come at once take turns. */
  async holdRefresh(tx: DatabaseTransaction, tokenHash: Buffer): Promise<FoundRefresh | null> {
    const { rows } = await sql<FoundRefresh>`
      select s.session_id as "sessionId", s.user_id as "userId", u.merchant_id as "merchantId",
        r.used_at as "usedAt", s.ended_at as "endedAt", s.ends_at as "endsAt",
        s.last_used_at as "lastUsedAt", u.disabled as "userDisabled"
      from state.refresh_token r join state.session s using (session_id)
        join state.app_user u using (user_id)
      where r.token_hash = ${tokenHash} for update of r, s`.execute(tx);
    return rows[0] ?? null;
  }

  async useRefresh(
    tx: DatabaseTransaction,
    { sessionId, tokenHash, now }: { sessionId: string; tokenHash: Buffer; now: Date },
  ): Promise<void> {
    await tx
      .updateTable('state.refresh_token')
      .set({ used_at: now })
      .where('token_hash', '=', tokenHash)
      .execute();
    await tx
      .updateTable('state.session')
      .set({ last_used_at: now })
      .where('session_id', '=', sessionId)
      .execute();
  }

  /** Ends sessions of a user that still run: one, all, or all but one. Tells how many. */
  async end(
    tx: DatabaseTransaction,
    which: { readonly userId: string; readonly only?: string; readonly except?: string },
    { now, because }: { readonly now: Date; readonly because: string },
  ): Promise<number> {
    const all = tx
      .updateTable('state.session')
      .set({ ended_at: now, ended_because: because })
      .where('user_id', '=', which.userId)
      .where('ended_at', 'is', null);
    const some = which.only === undefined ? all : all.where('session_id', '=', which.only);
    const ended = which.except === undefined ? some : some.where('session_id', '!=', which.except);
    return Number((await ended.executeTakeFirst()).numUpdatedRows);
  }

  async find(sessionId: string): Promise<SessionOfUser | null> {
    return (await this.findAll([sessionId]))[0] ?? null;
  }

  /** The same of many at once; those that are gone are left out. */
  async findAll(sessionIds: readonly string[]): Promise<readonly SessionOfUser[]> {
    if (sessionIds.length === 0) return [];
    const { kysely } = this.db;
    const sessions = await kysely
      .selectFrom('state.session')
      .selectAll()
      .where('session_id', '=', sql<string>`any(${[...sessionIds]}::uuid[])`)
      .execute();
    const userIds = [...new Set(sessions.map(({ user_id }) => user_id))];
    const users = await kysely
      .selectFrom('state.app_user')
      .select([
        'user_id',
        'role',
        'merchant_id',
        'disabled',
        'must_change_password',
        'totp_confirmed',
      ])
      .where('user_id', '=', sql<string>`any(${userIds}::uuid[])`)
      .execute();
    const byId = new Map(users.map((user) => [user.user_id, user]));
    return sessions.flatMap((session) => {
      const user = byId.get(session.user_id);
      return user === undefined ? [] : [{ session, user }];
    });
  }

  /** The sessions of a user that have not ended, newest first. */
  running(userId: string, now: Date): Promise<SessionRow[]> {
    return this.db.kysely
      .selectFrom('state.session')
      .selectAll()
      .where('user_id', '=', userId)
      .where('ended_at', 'is', null)
      .where('ends_at', '>', now)
      .orderBy('started_at', 'desc')
      .limit(200)
      .execute();
  }

  async countRunning(now: Date, idleSeconds: number): Promise<number> {
    const idleSince = new Date(now.getTime() - idleSeconds * 1000);
    const { count } = await this.db.kysely
      .selectFrom('state.session')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .where('ended_at', 'is', null)
      .where('ends_at', '>', now)
      .where('last_used_at', '>', idleSince)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** Deletes sessions that ended or ran out before an instant, with their tokens. Tells how many. */
  async flush(before: Date): Promise<number> {
    const { numDeletedRows } = await this.db.kysely
      .deleteFrom('state.session')
      .where((or) => or.or([or('ends_at', '<', before), or('ended_at', '<', before)]))
      .executeTakeFirst();
    return Number(numDeletedRows);
  }
}
