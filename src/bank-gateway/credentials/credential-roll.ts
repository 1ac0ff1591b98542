import type { BankRegistry } from '../bank-registry.js';
import type { CreatedCredentials } from './created-credentials.store.js';

/** Tells the lines of this process which credentials admins created and retired, on whichever instance. */
export class CredentialRoll {
  constructor(
    private readonly registry: BankRegistry,
    private readonly created: CreatedCredentials,
  ) {}

  async refresh(): Promise<void> {
    this.registry.adopt(await this.created.all());
  }
}
