import type { CallerIdentity } from '../caller.decorator.js';

/** What the guard needs to know of a key. */
export interface KnownApiKey {
  readonly apiKeyId: string;
  readonly identity: CallerIdentity;
  readonly secretHash: Buffer;
  readonly expiresAt: Date | null;
  readonly revoked: boolean;
}

/**
 * Which keys there are; what it says is at most a second old, for so long a revoked key may live. While the database is
 * away it goes on with what it knew, for a bounded time: nobody can revoke a key there meanwhile either.
 */
export abstract class ApiKeyDirectory {
  /** The key with this prefix; fails as the database does when nothing is known that may still be used. */
  abstract find(prefix: string): Promise<KnownApiKey | null>;

  /** Of these keys, those that still let in, and as whom; asks the database once for all, as it is now. */
  abstract review(apiKeyIds: readonly string[]): Promise<ReadonlyMap<string, CallerIdentity>>;
}
