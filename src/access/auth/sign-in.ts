import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { uuidFrom } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { networkOf } from '../../platform/http/network-of.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { SecurityActs, type ActContext } from '../acts/security-acts.port.js';
import { holdOf } from '../domain/sign-in.decisions.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { Sessions, type Factor, type Tokens } from '../sessions/sessions.js';
import { UserStore } from '../users/user.store.js';
import type { UserRow } from '../users/user.table.js';
import { SecondFactor, type FactorProof } from './second-factor.js';
import { SignInFailureStore, type KnownFailures } from './sign-in-failures.store.js';

export interface Credentials extends FactorProof {
  /** In lower case. */
  readonly email: string;
  readonly password: string;
  readonly userAgent: string | null;
  /** As the header was sent; the session that it belongs to ends with the sign-in. */
  readonly authorization: string | undefined;
}

/** How somebody who is signed in proves again to be the person; with the second factor where its parts are named. */
export interface Proof extends Partial<FactorProof> {
  readonly password: string;
}

type Refusal = 'wrong' | 'expired' | 'held' | 'totp_required' | 'totp_wrong';

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
    readonly factor: SecondFactor,
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
    const known = await this.mustNotBeHeld(email, network, acting);
    const user = await this.proofs.users.findByEmail(email);
    const fits = await this.proofs.hasher.matches(password, user?.password_hash ?? null);
    if (user === null || !fits || user.disabled) {
      await this.proofs.failures.add(email, network, this.watch.clock.now());
      throw await this.refused('wrong', { email, acting, user });
    }
    // Answered as a wrong one is; whoever handed it over makes another.
    if (user.password_ends_at !== null && user.password_ends_at <= this.watch.clock.now()) {
      throw await this.refused('expired', { email, acting, user });
    }
    const factor = await this.proveCode(user, credentials, { network, acting });
    await this.proofs.failures.forgive(
      { userId: user.user_id, email },
      network,
      this.watch.clock.now(),
    );
    this.count('success');
    const { user_id: userId, merchant_id: merchantId } = user;
    const fromNewNetwork = !known.knownHere;
    const left = await this.sessions.presentedBy(credentials.authorization);
    const replaces = left?.userId === userId ? left.sessionId : null;
    const beginning = { userId, merchantId, userAgent, fromNewNetwork, factor, replaces };
    return this.sessions.begin(beginning, acting);
  }

  /**
   * Asks again for what opens a session, before what must not be done by somebody who found a screen unlocked. Failures
   * count as those of a sign-in do.
   * @throws RuleViolation `password_wrong`, `totp_wrong`, `sign_in_held`
   */
  async proveAgain(
    user: UserRow,
    { password, totpCode, recoveryCode }: Proof,
    acting: ActContext,
  ): Promise<void> {
    const { email } = user;
    const network = networkOf(acting.address ?? 'none');
    await this.mustNotBeHeld(email, network, acting);
    const failed = async (code: 'password_wrong' | 'totp_wrong'): Promise<RuleViolation> => {
      await this.proofs.failures.add(email, network, this.watch.clock.now());
      return new RuleViolation(reject(code));
    };
    if (!(await this.proofs.hasher.matches(password, user.password_hash))) {
      throw await failed('password_wrong');
    }
    if (!user.totp_confirmed || totpCode === undefined || recoveryCode === undefined) return;
    const given = totpCode !== null || recoveryCode !== null;
    if (given && (await this.proofs.factor.take(user, { totpCode, recoveryCode }, acting))) return;
    throw await failed('totp_wrong');
  }

  private async mustNotBeHeld(
    email: string,
    network: string,
    acting: ActContext,
  ): Promise<KnownFailures> {
    const known = await this.proofs.failures.find(email, network);
    const waitMs = holdOf(known, this.watch.clock.now());
    if (waitMs > 0) throw await this.refused('held', { email, acting, waitMs });
    return known;
  }

  private async proveCode(
    user: UserRow,
    { totpCode, recoveryCode }: FactorProof,
    { network, acting }: { readonly network: string; readonly acting: ActContext },
  ): Promise<Factor> {
    if (!user.totp_confirmed) return 'none';
    const { email } = user;
    if (totpCode === null && recoveryCode === null) {
      throw await this.refused('totp_required', { email, acting, user });
    }
    const used = await this.proofs.factor.take(user, { totpCode, recoveryCode }, acting);
    if (used) return totpCode === null ? 'recovery_code' : 'one_time_code';
    await this.proofs.failures.add(email, network, this.watch.clock.now());
    throw await this.refused('totp_wrong', { email, acting, user });
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
