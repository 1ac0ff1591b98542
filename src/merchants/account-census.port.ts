import type { DatabaseTransaction } from '../platform/database/database.js';

/** How many receiving accounts there are. */
export abstract class AccountCensus {
  /** Those that name a credential. */
  abstract under(tx: DatabaseTransaction, credentialId: string): Promise<number>;
}
