import { Secret } from '../../platform/config/secret.js';
import { type Authorization, CallAuthorization, type Proof } from './call-authorization.js';

export interface ApiKeySettings {
  /** The header that carries it. */
  readonly header: string;
  readonly key: Secret;
}

/** A key that the bank gave us once: there is nothing to renew, so a refusal is final. */
export class ApiKey extends CallAuthorization {
  private readonly proof: Proof;

  constructor({ header, key }: ApiKeySettings) {
    super();
    this.proof = { headers: new Secret({ [header]: key.reveal() }) };
  }

  prepare(): Promise<Authorization> {
    return this.authorize();
  }

  authorize(): Promise<Authorization> {
    return Promise.resolve({ outcome: 'granted', proof: this.proof });
  }

  renew(): Promise<Authorization> {
    return Promise.resolve({ outcome: 'refused', why: 'api_key_refused' });
  }

  accepted(): void {
    // A key is not held back after a refusal, so nothing is to be forgotten.
  }
}
