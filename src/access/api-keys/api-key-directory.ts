import type { CallerIdentity } from '../caller.decorator.js';

/** What the guard needs to know of a key. */
export interface KnownApiKey {
  readonly identity: CallerIdentity;
  readonly secretHash: Buffer;
  readonly expiresAt: Date | null;
  readonly revoked: boolean;
}

/** Which keys there are; what it says is at most a second old, for so long a revoked key may live. */
export abstract class ApiKeyDirectory {
  /** The key with this prefix; fails as the database does when nothing fresh is known. */
  abstract find(prefix: string): Promise<KnownApiKey | null>;
}
