import type { ColumnType, Generated, Insertable, Selectable, Updateable } from 'kysely';
import type { UserRole } from '../domain/permissions.js';

/** People who sign in. */
export interface UserTable {
  readonly user_id: string;
  readonly email: string;
  readonly name: string;
  /** Null: may do nothing yet but look after itself. */
  readonly role: UserRole | null;
  /** Null for staff of the operator, which sees every merchant. */
  readonly merchant_id: string | null;
  readonly password_hash: string;
  readonly must_change_password: boolean;
  /** When a temporary password ends unless it was changed before; null for one that its person chose. */
  readonly password_ends_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  readonly disabled: Generated<boolean>;
  /** The secret of one-time codes, locked with the master key. */
  readonly totp_box: ColumnType<Buffer | null, never, Buffer | null>;
  readonly totp_confirmed: ColumnType<boolean, never, boolean>;
  readonly totp_last_step: ColumnType<bigint, never, bigint>;
  readonly version: ColumnType<number, never, number>;
  readonly created_by: string;
  readonly created_at: Date;
}

export type UserRow = Selectable<UserTable>;
export type NewUserRow = Insertable<UserTable>;
export type UserChange = Updateable<UserTable>;

declare module '../../platform/database/database.js' {
  interface Database {
    'state.app_user': UserTable;
  }
}
