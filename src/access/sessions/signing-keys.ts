import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { SigningKeyStore, type SigningKey } from './signing-keys.store.js';

const KNOWN_FOR_MS = 30_000;
// A stranger may present any name of a key; each would otherwise cost a look into the database.
const LEAST_BETWEEN_MS = 1_000;
/** How long before it signs a key is made: every instance has heard of it by then. */
export const NOTICE_MS = 2 * KNOWN_FOR_MS;

/** The signing keys, remembered for a while. */
@Injectable()
export class SigningKeys {
  private known: { readonly keys: readonly SigningKey[]; readonly atMs: number } | null = null;
  private loading: Promise<readonly SigningKey[]> | null = null;

  constructor(
    private readonly store: SigningKeyStore,
    private readonly clock: Clock,
  ) {}

  async all(): Promise<readonly SigningKey[]> {
    return this.youngerThan(KNOWN_FOR_MS);
  }

  /** Looks again, at most once a second. */
  async renewed(): Promise<readonly SigningKey[]> {
    return this.youngerThan(LEAST_BETWEEN_MS);
  }

  private async youngerThan(ms: number): Promise<readonly SigningKey[]> {
    const { known } = this;
    if (known !== null && this.clock.monotonicMs() - known.atMs < ms) return known.keys;
    this.loading ??= this.store
      .all()
      .then((keys) => {
        this.known = { keys, atMs: this.clock.monotonicMs() };
        return keys;
      })
      .finally(() => {
        this.loading = null;
      });
    return this.loading;
  }
}
