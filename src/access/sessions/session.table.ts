import type { ColumnType, Insertable, Selectable } from 'kysely';

/** Sessions of signed-in people. */
export interface SessionTable {
  readonly session_id: string;
  readonly user_id: string;
  readonly address: string | null;
  readonly user_agent: string | null;
  readonly started_at: Date;
  readonly last_used_at: Date;
  readonly ends_at: Date;
  readonly ended_at: ColumnType<Date | null, never, Date>;
  readonly ended_because: ColumnType<string | null, never, string>;
}

/** What renews a session, once each; the token itself is nowhere. */
export interface RefreshTokenTable {
  readonly token_hash: Buffer;
  readonly session_id: string;
  readonly issued_at: Date;
  readonly used_at: ColumnType<Date | null, never, Date>;
}

export type SessionRow = Selectable<SessionTable>;
export type NewSessionRow = Insertable<SessionTable>;

declare module '../../platform/database/database.js' {
  interface Database {
    'state.session': SessionTable;
    'state.refresh_token': RefreshTokenTable;
  }
}
