import { Injectable } from '@nestjs/common';
import { RandomSource } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { judgePassword } from '../domain/password.rules.js';
import { BreachedPasswords } from '../passwords/breached-passwords.js';
import { WidelyUsedPasswords } from '../passwords/widely-used-passwords.js';
import { PasswordHasher } from '../passwords/password-hasher.js';

/** Passwords on their way to be stored. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly common: WidelyUsedPasswords,
    private readonly breached: BreachedPasswords,
    private readonly random: RandomSource,
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
    const words = await this.common.load();
    const fault =
      judgePassword(password, person, (word) => words.has(word)) ??
      ((await this.breached.has(password)) ? 'breached' : null);
    if (fault !== null) throw new RuleViolation(reject('password_refused', { fault, field }));
    return this.hasher.hash(password);
  }

  /** A password for the first time, to be handed over and changed. */
  async temporary(): Promise<{ readonly password: string; readonly hash: string }> {
    const password = this.random.bytes(18).toString('base64url');
    return { password, hash: await this.hasher.hash(password) };
  }
}
