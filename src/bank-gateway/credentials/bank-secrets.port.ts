import type { Secret } from '../../platform/config/secret.js';
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

/** Secrets that people stored with `gateway credentials`; where there are none, the configuration's hold. */
export abstract class BankSecrets {
  /**
   * Those in force; null when the configuration's are.
   * @throws BoxUnreadable  stored under another master key
   */
  abstract inForce(credentialId: string): Promise<StoredBankSecret | null>;

  /** Puts tested secrets in force at once, everywhere; the former ones are gone. Answers their version. */
  abstract store(
    credentialId: string,
    tested: { readonly secret: BankSecret; readonly testedAt: Date },
    act: GatewayAct,
  ): Promise<number>;

  /** Lets the configuration's hold again. False when they did already. */
  abstract remove(credentialId: string, act: GatewayAct): Promise<boolean>;
}
