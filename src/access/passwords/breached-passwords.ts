import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { HashesUnavailable, type BreachedHashes, type PasswordDigest } from './breached-hashes.js';
import { BreachedPasswordsConfig } from './breached-passwords.config.js';
import { HashFile } from './hash-file.js';
import { HashRanges } from './hash-ranges.js';

// A list that is away comes back when somebody has seen to it.
const RETRY_AFTER_SECONDS = 30;

/** The list that is configured; null where nothing is looked up. */
export function configuredHashes(
  { file, url, timeoutMs }: BreachedPasswordsConfig,
  clock: Clock,
): BreachedHashes | null {
  if (file !== '') return new HashFile(file);
  return url === '' ? null : new HashRanges(url, timeoutMs, clock);
}

/** SHA-1 is how these lists are keyed; nothing of ours is guarded by it. */
export const digestOf = (password: string): PasswordDigest =>
  createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase();

/** Passwords that became known when others were broken into: in a file, at an address, or not looked up at all. */
@Injectable()
export class BreachedPasswords {
  private readonly logger = new Logger('BreachedPasswords');
  private readonly hashes: BreachedHashes | null;
  private away = false;

  constructor(
    private readonly config: BreachedPasswordsConfig,
    clock: Clock,
    private readonly metrics: Metrics,
  ) {
    this.hashes = configuredHashes(config, clock);
  }

  /** @throws RuleViolation `breached_passwords_unavailable` where such passwords shall be refused */
  async has(password: string): Promise<boolean> {
    if (this.hashes === null) return false;
    try {
      const breached = await this.hashes.has(digestOf(password));
      this.metrics.breachedPasswordChecksTotal.inc({ result: breached ? 'breached' : 'clean' });
      if (this.away) this.logger.warn({ msg: 'passwords are looked up again' });
      this.away = false;
      return breached;
    } catch (error) {
      if (!(error instanceof HashesUnavailable)) throw error;
      this.metrics.breachedPasswordChecksTotal.inc({ result: 'unavailable' });
      if (!this.away) this.logger.warn({ msg: `passwords are not looked up: ${error.message}` });
      this.away = true;
      if (this.config.whenAway === 'accept') return false;
      const facts = { retryAfterSeconds: RETRY_AFTER_SECONDS };
      throw new RuleViolation(reject('breached_passwords_unavailable', facts));
    }
  }
}
