import { Injectable } from '@nestjs/common';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { SecurityActs, type ActContext } from '../acts/security-acts.port.js';
import { forgetRecoveryCodes } from '../auth/recovery-codes.store.js';
import type { UserRole } from '../domain/permissions.js';
import { judgeUser } from '../domain/user.decisions.js';
import { Nature, Sessions } from '../sessions/sessions.js';
import { NewPasswords } from './new-passwords.js';
import { UserStore } from './user.store.js';
import type { UserRow } from './user.table.js';

export interface NewUser {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: UserRole | null;
  readonly merchantId: string | null;
}

/** A user whose password somebody else made: it is shown once and must be changed at the first sign-in. */
export interface UserWithPassword {
  readonly user: UserRow;
  readonly temporaryPassword: string;
}

export type UserChanges = Partial<
  Pick<NewUser, 'name' | 'role' | 'merchantId'> & { readonly disabled: boolean }
>;

/** Where acts and sessions are kept. */
@Injectable()
export class Keeping {
  constructor(
    readonly acts: SecurityActs,
    readonly sessions: Sessions,
  ) {}
}

/** What admins do to users. Each change ends the sessions that rest on what was before. */
@Injectable()
export class UserAdministration {
  constructor(
    readonly users: UserStore,
    private readonly keeping: Keeping,
    private readonly passwords: NewPasswords,
    private readonly nature: Nature,
  ) {}

  /** @throws RuleViolation `email_taken`, `admin_of_a_merchant`, `unknown_merchant` */
  async create(user: NewUser, acting: ActContext): Promise<UserWithPassword> {
    const { password, hash, endsAt } = await this.passwords.temporary();
    const made = await this.add(user, hash, { endsAt, act: 'user.created', acting });
    return { user: made, temporaryPassword: password };
  }

  /** A stranger registers itself: without a role, so that it may do nothing yet. @throws RuleViolation */
  async register(
    person: Pick<NewUser, 'userId' | 'email' | 'name'> & { readonly password: string },
    acting: ActContext,
  ): Promise<UserRow> {
    const hash = await this.passwords.chosen(person.password, person, 'password');
    const { userId, email, name } = person;
    return this.add({ userId, email, name, role: null, merchantId: null }, hash, {
      endsAt: null,
      act: 'user.registered',
      acting,
    });
  }

  /** @throws RuleViolation `not_found`, `version_changed`, `admin_of_a_merchant`, `unknown_merchant` */
  change(
    { userId, version, changes }: { userId: string; version: number; changes: UserChanges },
    acting: ActContext,
  ): Promise<UserRow> {
    return this.users.inTransaction(async (tx) => {
      const before = await this.users.hold(tx, userId);
      if (before === null) throw new RuleViolation(reject('not_found'));
      if (before.version !== version)
        throw new RuleViolation(reject('version_changed', { version: before.version }));
      const after = {
        name: changes.name ?? before.name,
        role: changes.role === undefined ? before.role : changes.role,
        merchant_id: changes.merchantId === undefined ? before.merchant_id : changes.merchantId,
        disabled: changes.disabled ?? before.disabled,
      };
      await this.mustFit(tx, { role: after.role, merchantId: after.merchant_id });
      const particulars = {
        role: after.role,
        merchant: after.merchant_id,
        disabled: after.disabled,
      };
      const subject = `user:${userId}`;
      await this.keeping.acts.record({ act: 'user.changed', subject, particulars }, acting, tx);
      if (after.disabled && !before.disabled) {
        await this.keeping.sessions.end(tx, { userId }, { because: 'disabled', acting });
      }
      return this.users.change(tx, userId, { ...after, version: version + 1 });
    });
  }

  /**
   * Gives a fresh temporary password and takes one-time codes away.
   * @throws RuleViolation `not_found`, `own_account`
   */
  async resetPassword(userId: string, acting: ActContext): Promise<UserWithPassword> {
    mustBeAnothers(userId, acting);
    const { password, hash, endsAt } = await this.passwords.temporary();
    const user = await this.users.inTransaction(async (tx) => {
      const before = await this.users.hold(tx, userId);
      if (before === null) throw new RuleViolation(reject('not_found'));
      await this.keeping.acts.record(
        { act: 'user.password_reset', subject: `user:${userId}` },
        acting,
        tx,
      );
      await forgetRecoveryCodes(tx, userId);
      await this.keeping.sessions.end(tx, { userId }, { because: 'password_reset', acting });
      return this.users.change(tx, userId, {
        password_hash: hash,
        must_change_password: true,
        password_ends_at: endsAt,
        totp_box: null,
        totp_confirmed: false,
        version: before.version + 1,
      });
    });
    return { user, temporaryPassword: password };
  }

  /**
   * Takes a lost second factor away and ends what was opened with it; recovery codes go too.
   * @throws RuleViolation `not_found`, `own_account`, `totp_not_in_use`
   */
  async resetTotp(userId: string, acting: ActContext): Promise<UserRow> {
    mustBeAnothers(userId, acting);
    return this.users.inTransaction(async (tx) => {
      const before = await this.users.hold(tx, userId);
      if (before === null) throw new RuleViolation(reject('not_found'));
      if (!before.totp_confirmed) throw new RuleViolation(reject('totp_not_in_use'));
      const { merchant_id: merchantId, version } = before;
      const act = { act: 'user.totp_reset' as const, subject: `user:${userId}`, merchantId };
      await this.keeping.acts.record(act, acting, tx);
      await forgetRecoveryCodes(tx, userId);
      await this.keeping.sessions.end(tx, { userId }, { because: 'totp_reset', acting });
      const without = { totp_box: null, totp_confirmed: false, version: version + 1 };
      return this.users.change(tx, userId, without);
    });
  }

  /** @throws RuleViolation `not_found` */
  async endSessions(userId: string, acting: ActContext): Promise<number> {
    if ((await this.users.find(userId)) === null) throw new RuleViolation(reject('not_found'));
    return this.users.inTransaction((tx) =>
      this.keeping.sessions.end(tx, { userId }, { because: 'ended_by_admin', acting }),
    );
  }

  private add(
    { userId, email, name, role, merchantId }: NewUser,
    passwordHash: string,
    by: {
      /** When the password ends that somebody else made, and that must be changed; null for one's own. */
      readonly endsAt: Date | null;
      readonly act: 'user.created' | 'user.registered';
      readonly acting: ActContext;
    },
  ): Promise<UserRow> {
    return this.users.inTransaction(async (tx) => {
      await this.mustFit(tx, { role, merchantId });
      const added = await this.users.add(tx, {
        user_id: userId,
        email,
        name,
        role,
        merchant_id: merchantId,
        password_hash: passwordHash,
        must_change_password: by.endsAt !== null,
        password_ends_at: by.endsAt,
        created_by: by.acting.actor,
        created_at: this.nature.clock.now(),
      });
      if (!added) throw new RuleViolation(reject('email_taken'));
      const subject = `user:${userId}`;
      const act = { act: by.act, subject, merchantId, particulars: { role } };
      await this.keeping.acts.record(act, by.acting, tx);
      // Only to read it back as it is stored.
      return this.users.change(tx, userId, { name });
    });
  }

  private async mustFit(
    tx: DatabaseTransaction,
    place: { readonly role: UserRole | null; readonly merchantId: string | null },
  ): Promise<void> {
    const refusal = judgeUser(place);
    if (refusal !== null) throw new RuleViolation(refusal);
    if (place.merchantId === null) return;
    if (await this.users.merchantExists(tx, place.merchantId)) return;
    throw new RuleViolation(reject('unknown_merchant'));
  }
}

// Otherwise an open session alone would be enough to be rid of the second factor.
function mustBeAnothers(userId: string, { actor }: ActContext): void {
  if (actor === `user:${userId}`) throw new RuleViolation(reject('own_account'));
}
