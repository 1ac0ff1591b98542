import type { Secret } from '../../platform/config/secret.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { GatewayAct } from '../permits/gateway-closures.port.js';

/** What proves who is calling, as the bank gave it: a client and its secret, or one key. */
export type BankSecret =
  | { readonly by: 'token'; readonly clientId: Secret; readonly clientSecret: Secret }
  | { readonly by: 'api_key'; readonly key: Secret };

export interface StoredBankSecret {
  /** Grows with each that was stored under the credential. */
  readonly version: number;
  readonly secret: BankSecret;
  readonly storedAt: Date;
}

/** Secrets that the bank was seen to take. */
export interface TestedSecret {
  readonly secret: BankSecret;
  readonly testedAt: Date;
}

/** Secrets that people stored, over HTTP or on the command line; where there are none, the configuration's hold. */
export abstract class BankSecrets {
  /**
   * Those in force; null when the configuration's are.
   * @throws BoxUnreadable  stored under another master key
   */
  abstract inForce(credentialId: string): Promise<StoredBankSecret | null>;

  /** The version in force; 0 when the configuration's secrets are. Opens no box. */
  abstract version(credentialId: string): Promise<number>;

  /** Puts tested secrets in force at once, everywhere; the former ones are gone. Answers their version. */
  abstract store(credentialId: string, tested: TestedSecret, act: GatewayAct): Promise<number>;

  /** The same within a transaction; null when others came in force since somebody saw version `over`. */
  abstract storeOver(
    tx: DatabaseTransaction,
    { credentialId, over }: { readonly credentialId: string; readonly over: number },
    tested: TestedSecret,
    act: GatewayAct,
  ): Promise<number | null>;

  /** Lets the configuration's hold again. False when they did already. */
  abstract remove(
    credentialId: string,
    act: GatewayAct,
    tx?: DatabaseTransaction,
  ): Promise<boolean>;
}
