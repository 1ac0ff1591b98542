import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { BankRegistry } from '../bank-registry.js';
import { CredentialNames, type NamedCredential } from './credential-names.port.js';
import type { CreatedCredentials } from './created-credentials.store.js';

/** The names as configuration and admins gave them. */
export class RegisteredCredentialNames extends CredentialNames {
  constructor(
    private readonly registry: BankRegistry,
    private readonly created: CreatedCredentials,
  ) {
    super();
  }

  async hold(tx: DatabaseTransaction, credentialId: string): Promise<NamedCredential | null> {
    await holdCredential(tx, credentialId);
    // Read after the lock, since this process may not have heard yet of what others did.
    this.registry.adopt(await this.created.all(tx));
    const found = this.registry.find(credentialId);
    if (found === null || found.standing !== 'in_force') return null;
    const { bank, affiliate } = found.setup.credential;
    const alike = this.registry
      .known()
      .map(({ setup }) => setup.credential)
      .filter((other) => other.bank === bank && other.affiliate === affiliate)
      .map((other) => other.credentialId);
    return { bank, affiliate, alike };
  }

  async left(tx: DatabaseTransaction, credentialId: string): Promise<void> {
    await sql`
      update state.created_credential set left_at = clock_timestamp()
      where credential_id = ${credentialId}`.execute(tx);
  }
}

/** Whoever acts on a credential, or begins to use it, does so one after the other. */
export async function holdCredential(tx: DatabaseTransaction, credentialId: string): Promise<void> {
  const lock = `bank_credential:${credentialId}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
}
