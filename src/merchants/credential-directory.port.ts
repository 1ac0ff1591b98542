import type { DatabaseTransaction } from '../platform/database/database.js';

/** A credential at a bank, as far as receiving accounts are concerned. */
export interface AccountCredential {
  readonly bank: string;
  /** Names the affiliate among those of the bank. */
  readonly affiliate: string;
  /** Every credential of that affiliate, this one too: the bank shows all of them the same payments. */
  readonly alike: readonly string[];
}

/** Which credentials accounts may name; the composition root must provide it. */
export abstract class CredentialDirectory {
  /** Null for one that nothing is asked under. Nobody retires it until the transaction ends. */
  abstract hold(tx: DatabaseTransaction, credentialId: string): Promise<AccountCredential | null>;

  /** An account was moved away from it: claims may still come under it for a while, from memory of how it was. */
  abstract left(tx: DatabaseTransaction, credentialId: string): Promise<void>;
}
