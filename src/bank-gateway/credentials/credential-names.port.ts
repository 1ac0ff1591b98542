import type { DatabaseTransaction } from '../../platform/database/database.js';

/** A credential that receiving accounts may name. */
export interface NamedCredential {
  readonly bank: string;
  readonly affiliate: string;
  /** Every credential of the same affiliate at the same bank, this one too: the bank tells them the same. */
  readonly alike: readonly string[];
}

/** What those who name credentials need to know of them. */
export abstract class CredentialNames {
  /** Null when nothing is asked under it: unknown, untested or retired. It is not retired until the transaction ends. */
  abstract hold(tx: DatabaseTransaction, credentialId: string): Promise<NamedCredential | null>;

  /** Somebody stopped naming it; claims may still come under it for a while. */
  abstract left(tx: DatabaseTransaction, credentialId: string): Promise<void>;
}
