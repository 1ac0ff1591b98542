import { Injectable } from '@nestjs/common';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { judgePassword } from '../domain/password.rules.js';
import { BreachedPasswords } from '../passwords/breached-passwords.js';
import { WidelyUsedPasswords } from '../passwords/widely-used-passwords.js';
import { Nature } from '../sessions/sessions.js';
import { SessionsConfig } from '../sessions/sessions.config.js';
import { PasswordHasher } from '../passwords/password-hasher.js';

/** What a chosen password must not be among. */
@Injectable()
export class KnownPasswords {
  constructor(
    readonly common: WidelyUsedPasswords,
    readonly breached: BreachedPasswords,
  ) {}
}

/** A password that somebody else made. */
export interface TemporaryPassword {
  readonly password: string;
  readonly hash: string;
  readonly endsAt: Date;
}

const HOUR_MS = 3_600_000;

/** Passwords on their way to be stored. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly known: KnownPasswords,
    private readonly nature: Nature,
    private readonly config: SessionsConfig,
  ) {}

  /**
   * The hash of a password that a person chose; `field` is where the request holds it.
   * @throws RuleViolation `password_refused`, `breached_passwords_unavailable`
   */
  async chosen(
    password: string,
    person: { readonly email: string; readonly name: string },
    field: 'password' | 'new_password',
  ): Promise<string> {
    const words = await this.known.common.load();
    const fault =
      judgePassword(password, person, (word) => words.has(word)) ??
      ((await this.known.breached.has(password)) ? 'breached' : null);
    if (fault !== null) throw new RuleViolation(reject('password_refused', { fault, field }));
    return this.hasher.hash(password);
  }

  /** A password for the first time, to be handed over and changed. */
  async temporary(): Promise<TemporaryPassword> {
    const { clock, random } = this.nature;
    const password = random.bytes(18).toString('base64url');
    const hash = await this.hasher.hash(password);
    const goodForMs = this.config.temporaryPasswordHours * HOUR_MS;
    return { password, hash, endsAt: new Date(clock.now().getTime() + goodForMs) };
  }
}
