import { Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.js';
import type { BankSecret, StoredBankSecret } from '../credentials/bank-secrets.port.js';
import type { AskPermits } from '../permits/ask-permits.js';
import { type Authorization, CallAuthorization, type Proof } from './call-authorization.js';

export interface RotatingParts {
  readonly stored: () => Promise<Pick<StoredBankSecret, 'version' | 'secret'> | null>;
  /** Null for the secrets of the configuration. */
  readonly make: (secret: BankSecret | null) => CallAuthorization;
  readonly clock: Clock;
}

// New secrets are in use this soon; looking costs one small statement.
const LOOK_EVERY_MS = 5_000;

const NOT_KNOWN: Authorization = {
  outcome: 'failed',
  reply: { kind: 'not_sent', reason: 'no_permit' },
};

/**
 * Follows the secrets that are in force. New ones hold from the next proof on; calls under way with a former proof end
 * as they may, and one that is refused then is repeated with the new: nothing is lost, and nothing closes.
 */
export class RotatingAuthorization extends CallAuthorization {
  private readonly logger = new Logger('RotatingAuthorization');
  private current: { readonly version: number; readonly by: CallAuthorization } | null = null;
  private readonly makers = new WeakMap<Proof, CallAuthorization>();
  private lookedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: RotatingParts) {
    super();
  }

  async prepare(permits: AskPermits, signal: AbortSignal): Promise<Authorization> {
    const by = await this.follow(LOOK_EVERY_MS);
    return by === null ? NOT_KNOWN : this.marked(by, await by.prepare(permits, signal));
  }

  async authorize(permits: AskPermits, signal: AbortSignal): Promise<Authorization> {
    const by = await this.follow(LOOK_EVERY_MS);
    return by === null ? NOT_KNOWN : this.marked(by, await by.authorize(permits, signal));
  }

  async renew(refused: Proof, permits: AskPermits, signal: AbortSignal): Promise<Authorization> {
    // The bank may refuse the former secrets because new ones were stored a moment ago.
    const by = await this.follow(0);
    if (by === null) return NOT_KNOWN;
    const isOwn = this.makers.get(refused) === by;
    return this.marked(
      by,
      await (isOwn ? by.renew(refused, permits, signal) : by.authorize(permits, signal)),
    );
  }

  accepted(proof: Proof): void {
    this.makers.get(proof)?.accepted(proof);
  }

  private marked(by: CallAuthorization, authorization: Authorization): Authorization {
    if (authorization.outcome === 'granted') this.makers.set(authorization.proof, by);
    return authorization;
  }

  /** Null while it was never known which secrets hold: those of the configuration may be out of date. */
  private async follow(everyMs: number): Promise<CallAuthorization | null> {
    const { clock, stored } = this.parts;
    if (this.current !== null && clock.monotonicMs() - this.lookedMs < everyMs) {
      return this.current.by;
    }
    try {
      this.use(await stored());
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      this.logger.warn({ msg: 'stored credentials cannot be read', reason });
    }
    return this.current?.by ?? null;
  }

  private use(found: Pick<StoredBankSecret, 'version' | 'secret'> | null): void {
    const { clock, make } = this.parts;
    this.lookedMs = clock.monotonicMs();
    const version = found?.version ?? 0;
    if (this.current?.version === version) return;
    this.current = { version, by: make(found?.secret ?? null) };
  }
}
