import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { uuidFrom } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { networkOf } from '../../platform/http/network-of.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { SecurityActs, type ActContext } from '../acts/security-acts.port.js';
import { holdOf } from '../domain/sign-in.decisions.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { Sessions, type Tokens } from '../sessions/sessions.js';
import { UserStore } from '../users/user.store.js';
import type { UserRow } from '../users/user.table.js';
import { OneTimeCodes } from './one-time-codes.js';
import { useRecoveryCode } from './recovery-codes.store.js';
import { SignInFailureStore } from './sign-in-failures.store.js';

export interface Credentials {
  /** In lower case. */
  readonly email: string;
  readonly password: string;
  readonly totpCode: string | null;
  /** In place of a one-time code. */
  readonly recoveryCode: string | null;
  readonly userAgent: string | null;
}

type Refusal = 'wrong' | 'held' | 'totp_required' | 'totp_wrong';

/** What is looked at while people sign in. */
@Injectable()
export class Watch {
  constructor(
    readonly clock: Clock,
    readonly metrics: Metrics,
  ) {}
}

/** Who signs in, by which means. */
@Injectable()
export class Proofs {
  constructor(
    readonly users: UserStore,
    readonly hasher: PasswordHasher,
    readonly codes: OneTimeCodes,
    readonly failures: SignInFailureStore,
  ) {}
}

/** Lets people in by password and, where they use it, a one-time code. */
@Injectable()
export class SignIn {
  constructor(
    private readonly proofs: Proofs,
    private readonly sessions: Sessions,
    private readonly acts: SecurityActs,
    private readonly watch: Watch,
  ) {}

  /**
   * Opens a session. The answer to a wrong address, a wrong password and a disabled user is one and the same, after
   * the same work.
   * @throws RuleViolation `sign_in_refused`, `sign_in_held`, `totp_required`
   */
  async signIn(credentials: Credentials, acting: ActContext): Promise<Tokens> {
    const { email, password, userAgent } = credentials;
    const network = networkOf(acting.address ?? 'none');
    const known = await this.proofs.failures.find(email, network);
    const waitMs = holdOf(known, this.watch.clock.now());
    if (waitMs > 0) throw await this.refused('held', { email, acting, waitMs });

    const user = await this.proofs.users.findByEmail(email);
    const fits = await this.proofs.hasher.matches(password, user?.password_hash ?? null);
    if (user === null || !fits || user.disabled) {
      await this.proofs.failures.add(email, network, this.watch.clock.now());
      throw await this.refused('wrong', { email, acting, user });
    }
    await this.proveCode(user, credentials, { network, acting });
    await this.proofs.failures.forgive(
      { userId: user.user_id, email },
      network,
      this.watch.clock.now(),
    );
    this.count('success');
    const { user_id: userId, merchant_id: merchantId } = user;
    return this.sessions.begin({ userId, merchantId, userAgent }, acting);
  }

  private async proveCode(
    user: UserRow,
    { totpCode, recoveryCode }: Pick<Credentials, 'totpCode' | 'recoveryCode'>,
    { network, acting }: { readonly network: string; readonly acting: ActContext },
  ): Promise<void> {
    if (!user.totp_confirmed) return;
    const { email } = user;
    if (totpCode === null && recoveryCode === null) {
      throw await this.refused('totp_required', { email, acting, user });
    }
    const used = await this.proofs.users.inTransaction(async (tx) => {
      // Held, so that one code opens one session even when two come at once.
      const held = await this.proofs.users.hold(tx, user.user_id);
      if (held === null) return false;
      return totpCode === null
        ? this.useRecoveryCode(tx, held, { code: recoveryCode ?? '', acting })
        : this.useTotpCode(tx, held, totpCode);
    });
    if (used) return;
    await this.proofs.failures.add(email, network, this.watch.clock.now());
    throw await this.refused('totp_wrong', { email, acting, user });
  }

  private async useTotpCode(
    tx: DatabaseTransaction,
    user: UserRow,
    code: string,
  ): Promise<boolean> {
    const step = this.proofs.codes.stepOf(user, code);
    if (step === null) return false;
    await this.proofs.users.change(tx, user.user_id, { totp_last_step: BigInt(step) });
    return true;
  }

  private async useRecoveryCode(
    tx: DatabaseTransaction,
    { user_id: userId, merchant_id: merchantId }: UserRow,
    { code, acting }: { readonly code: string; readonly acting: ActContext },
  ): Promise<boolean> {
    const left = await useRecoveryCode(tx, userId, code);
    if (left === null) return false;
    const actor = `user:${userId}`;
    const act = { act: 'user.recovery_code_used' as const, subject: actor, merchantId };
    await this.acts.record({ ...act, particulars: { left } }, { ...acting, actor }, tx);
    return true;
  }

  private async refused(
    refusal: Refusal,
    details: {
      readonly email: string;
      readonly acting: ActContext;
      readonly user?: UserRow | null;
      readonly waitMs?: number;
    },
  ): Promise<RuleViolation> {
    const { email, acting, user = null, waitMs = 0 } = details;
    this.count(refusal);
    // Names that nobody has stay out of the log; the same name still gives the same subject.
    const subject =
      user === null ? `unknown:${uuidFrom('unknown user', email)}` : `user:${user.user_id}`;
    await this.acts.record(
      {
        act: 'sign_in.refused',
        subject,
        merchantId: user?.merchant_id ?? null,
        refusedFor: refusal,
      },
      acting,
    );
    if (refusal === 'held') {
      const retryAfterSeconds = Math.ceil(waitMs / 1000);
      return new RuleViolation(reject('sign_in_held', { retryAfterSeconds }));
    }
    return new RuleViolation(
      reject(refusal === 'totp_required' ? 'totp_required' : 'sign_in_refused'),
    );
  }

  private count(result: string): void {
    this.watch.metrics.authAttemptsTotal.inc({ method: 'password', result });
  }
}
