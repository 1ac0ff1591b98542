import type { DatabaseTransaction } from '../../platform/database/database.js';

/** What still rests on a credential. */
export interface CredentialUse {
  /** Receiving accounts that name it. */
  readonly accounts: number;
  /** Claims under it that an answer of the bank may still change. */
  readonly openClaims: number;
}

/** Who uses a credential; accounts and claims belong to contexts that this one does not know. */
export abstract class CredentialUses {
  abstract of(tx: DatabaseTransaction, credentialId: string): Promise<CredentialUse>;
}
