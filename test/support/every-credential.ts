import {
  CredentialDirectory,
  type AccountCredential,
} from '../../src/merchants/credential-directory.port.js';
import type { DatabaseTransaction } from '../../src/platform/database/database.js';

/** Every name is a credential of Banesco with an affiliate of its own. */
export class EveryCredential extends CredentialDirectory {
  hold(_: DatabaseTransaction, credentialId: string): Promise<AccountCredential> {
    return Promise.resolve({ bank: '0134', affiliate: credentialId, alike: [credentialId] });
  }

  left(): Promise<void> {
    return Promise.resolve();
  }
}
