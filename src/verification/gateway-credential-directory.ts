import { Injectable } from '@nestjs/common';
import { CredentialNames } from '../bank-gateway/credentials/credential-names.port.js';
import {
  CredentialDirectory,
  type AccountCredential,
} from '../merchants/credential-directory.port.js';
import type { DatabaseTransaction } from '../platform/database/database.js';

/** The credentials of the gateway, as those who own accounts know them. */
@Injectable()
export class GatewayCredentialDirectory extends CredentialDirectory {
  constructor(private readonly names: CredentialNames) {
    super();
  }

  hold(tx: DatabaseTransaction, credentialId: string): Promise<AccountCredential | null> {
    return this.names.hold(tx, credentialId);
  }

  left(tx: DatabaseTransaction, credentialId: string): Promise<void> {
    return this.names.left(tx, credentialId);
  }
}
