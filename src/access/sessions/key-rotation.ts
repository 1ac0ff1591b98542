import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { SecurityActs, type ActContext } from '../acts/security-acts.port.js';
import { validKeysAt, type KeyTurn } from '../domain/signing-keys.js';
import { SessionsConfig } from './sessions.config.js';
import { NOTICE_MS } from './signing-keys.js';
import { SigningKeyStore } from './signing-keys.store.js';

/** Puts another signing key in the place of the present one, without a token that nobody can check in between. */
@Injectable()
export class KeyRotation {
  constructor(
    private readonly store: SigningKeyStore,
    private readonly acts: SecurityActs,
    private readonly clock: Clock,
    private readonly config: SessionsConfig,
  ) {}

  async rotate(acting: ActContext): Promise<KeyTurn> {
    const now = this.clock.now();
    const keys = await this.store.all();
    const signsFrom = new Date(now.getTime() + NOTICE_MS);
    const keyId = await this.store.add(signsFrom);
    const valid = validKeysAt([...keys, { keyId, signsFrom }], this.config.accessTokenSeconds, now);
    const over = keys.filter((key) => !valid.some((one) => one.keyId === key.keyId));
    await this.store.remove(over.map((key) => key.keyId));
    const particulars = { signsFrom: signsFrom.toISOString(), removed: over.length };
    const act = {
      act: 'signing_key.rotated' as const,
      subject: `signing_key:${keyId}`,
      particulars,
    };
    await this.acts.record(act, acting);
    return { keyId, signsFrom };
  }
}
