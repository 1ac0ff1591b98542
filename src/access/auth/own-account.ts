import { Injectable } from '@nestjs/common';
import { assert } from '../../kernel/assert.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { markRequestDone } from '../../platform/http/idempotency/idempotency-records.store.js';
import type { ActContext } from '../acts/security-acts.port.js';
import type { UserSession } from '../caller.decorator.js';
import { NewPasswords } from '../users/new-passwords.js';
import { Keeping } from '../users/user-administration.js';
import type { UserRow } from '../users/user.table.js';
import { forgetRecoveryCodes, replaceRecoveryCodes } from './recovery-codes.store.js';
import { Proofs, SignIn, type Proof } from './sign-in.js';
import { base32, totpAddress } from './totp.js';

/** What signed-in people do about themselves. */
@Injectable()
export class OwnAccount {
  constructor(
    private readonly proofs: Proofs,
    private readonly door: SignIn,
    private readonly passwords: NewPasswords,
    private readonly keeping: Keeping,
  ) {}

  async me({ userId }: UserSession): Promise<UserRow> {
    const user = await this.proofs.users.find(userId);
    assert(user !== null, 'a session has a user');
    return user;
  }

  /** Ends every other session. @throws RuleViolation */
  async changePassword(
    session: UserSession,
    { current, fresh }: { readonly current: string; readonly fresh: string },
    acting: ActContext,
  ): Promise<void> {
    const user = await this.proven(session, { password: current }, acting);
    if (current === fresh) throw new RuleViolation(reject('password_unchanged'));
    const hash = await this.passwords.chosen(fresh, user, 'new_password');
    const { userId, sessionId } = session;
    await this.proofs.users.inTransaction(async (tx) => {
      await this.proofs.users.change(tx, userId, {
        password_hash: hash,
        must_change_password: false,
        password_ends_at: null,
      });
      const subject = `user:${userId}`;
      await this.keeping.acts.record({ act: 'user.password_changed', subject }, acting, tx);
      const others = { userId, except: sessionId };
      await this.keeping.sessions.end(tx, others, { because: 'password_changed', acting });
    });
  }

  /** Ends one session of the person's own. @throws RuleViolation `not_found` */
  async endSession(session: UserSession, sessionId: string, acting: ActContext): Promise<void> {
    const ended = await this.proofs.users.inTransaction((tx) =>
      this.keeping.sessions.end(
        tx,
        { userId: session.userId, only: sessionId },
        { because: 'signed_out', acting },
      ),
    );
    if (ended === 0) throw new RuleViolation(reject('not_found'));
  }

  endAllSessions({ userId }: UserSession, acting: ActContext): Promise<number> {
    return this.proofs.users.inTransaction((tx) =>
      this.keeping.sessions.end(tx, { userId }, { because: 'signed_out_everywhere', acting }),
    );
  }

  /** Begins one-time codes: they are asked for only once a first one was given. @throws RuleViolation */
  async beginTotp(
    session: UserSession,
    password: string,
    acting: ActContext,
  ): Promise<{ readonly secret: string; readonly address: string }> {
    const user = await this.proven(session, { password }, acting);
    if (user.totp_confirmed) throw new RuleViolation(reject('totp_in_use'));
    const { secret, box } = this.proofs.factor.codes.newSecret(user.user_id);
    await this.proofs.users.inTransaction(async (tx) => {
      await this.proofs.users.change(tx, user.user_id, { totp_box: box, totp_last_step: 0n });
      await markRequestDone(tx);
    });
    return { secret: base32(secret), address: totpAddress(secret, user.email) };
  }

  /** The secret that was begun with and not confirmed yet. @throws RuleViolation `totp_in_use` */
  async begunTotp(
    session: UserSession,
  ): Promise<{ readonly secret: string; readonly address: string }> {
    const user = await this.me(session);
    const secret = this.proofs.factor.codes.secretOf(user);
    if (user.totp_confirmed || secret === null) throw new RuleViolation(reject('totp_in_use'));
    return { secret: base32(secret), address: totpAddress(secret, user.email) };
  }

  /** @throws RuleViolation `totp_wrong` */
  async confirmTotp({ userId }: UserSession, code: string, acting: ActContext): Promise<void> {
    await this.proofs.users.inTransaction(async (tx) => {
      const user = await this.proofs.users.hold(tx, userId);
      const step = user === null ? null : this.proofs.factor.codes.stepOf(user, code);
      if (step === null) throw new RuleViolation(reject('totp_wrong'));
      const change = { totp_confirmed: true, totp_last_step: BigInt(step) };
      await this.proofs.users.change(tx, userId, change);
      const particulars = { inUse: true };
      const act = { act: 'user.totp_changed' as const, subject: `user:${userId}`, particulars };
      await this.keeping.acts.record(act, acting, tx);
    });
  }

  /** Fresh ones, shown once. @throws RuleViolation `password_wrong`, `totp_wrong`, `totp_not_in_use` */
  async makeRecoveryCodes(
    session: UserSession,
    proof: Required<Proof>,
    acting: ActContext,
  ): Promise<readonly string[]> {
    const { user_id: userId } = await this.proven(session, proof, acting);
    const codes = this.proofs.factor.codes.newRecoveryCodes();
    await this.proofs.users.inTransaction(async (tx) => {
      const user = await this.proofs.users.hold(tx, userId);
      if (user?.totp_confirmed !== true) throw new RuleViolation(reject('totp_not_in_use'));
      await replaceRecoveryCodes(tx, userId, codes);
      const particulars = { count: codes.length };
      const act = { act: 'user.recovery_codes_made' as const, subject: `user:${userId}` };
      await this.keeping.acts.record({ ...act, particulars }, acting, tx);
    });
    return codes;
  }

  /** @throws RuleViolation `password_wrong`, `totp_wrong` */
  async endTotp(session: UserSession, proof: Required<Proof>, acting: ActContext): Promise<void> {
    const { user_id: userId } = await this.proven(session, proof, acting);
    await this.proofs.users.inTransaction(async (tx) => {
      await this.proofs.users.change(tx, userId, { totp_box: null, totp_confirmed: false });
      await forgetRecoveryCodes(tx, userId);
      const particulars = { inUse: false };
      const act = { act: 'user.totp_changed' as const, subject: `user:${userId}`, particulars };
      await this.keeping.acts.record(act, acting, tx);
    });
  }

  private async proven(session: UserSession, proof: Proof, acting: ActContext): Promise<UserRow> {
    const user = await this.me(session);
    await this.door.proveAgain(user, proof, acting);
    return user;
  }
}
