import type { Provider } from '@nestjs/common';
import { RandomSource } from '../../kernel/ids.js';
import { PersonalDataConfig, RolesConfig } from '../../platform/config/config.schema.js';
import { DatabaseConnection } from '../../platform/database/database.js';
import { MasterKeys } from '../../platform/personal-data/master-keys.js';
import { BankSecrets } from './bank-secrets.port.js';
import { CredentialTrials } from './credential-trials.store.js';
import { PostgresBankSecrets } from './postgres-bank-secrets.store.js';
import { BankRegistry } from '../bank-registry.js';
import { CreatedCredentials } from './created-credentials.store.js';
import { CredentialNames } from './credential-names.port.js';
import { CredentialRoll } from './credential-roll.js';
import { CredentialRollWorker } from './credential-roll.worker.js';
import { NewCredentials } from './new-credentials.js';
import { RegisteredCredentialNames } from './registered-credential-names.store.js';

/** The credentials that admins create, the secrets of all, those that wait to be tried, and what admins do to both. */
export const credentialsProviders: Provider[] = [
  {
    provide: BankSecrets,
    inject: [PersonalDataConfig, DatabaseConnection, RandomSource],
    useFactory: (
      personalData: PersonalDataConfig,
      database: DatabaseConnection,
      random: RandomSource,
    ) => new PostgresBankSecrets({ database, masterKeys: MasterKeys.from(personalData), random }),
  },
  {
    provide: CredentialTrials,
    inject: [PersonalDataConfig, DatabaseConnection, RandomSource],
    useFactory: (
      personalData: PersonalDataConfig,
      database: DatabaseConnection,
      random: RandomSource,
    ) => new CredentialTrials({ database, masterKeys: MasterKeys.from(personalData), random }),
  },
  {
    provide: CreatedCredentials,
    inject: [DatabaseConnection],
    useFactory: (database: DatabaseConnection) => new CreatedCredentials(database),
  },
  {
    provide: NewCredentials,
    inject: [BankRegistry],
    useFactory: (registry: BankRegistry) => new NewCredentials(registry),
  },
  {
    provide: CredentialRoll,
    inject: [BankRegistry, CreatedCredentials],
    useFactory: (registry: BankRegistry, created: CreatedCredentials) =>
      new CredentialRoll(registry, created),
  },
  {
    provide: CredentialRollWorker,
    inject: [CredentialRoll, RolesConfig],
    useFactory: (roll: CredentialRoll, { roles }: RolesConfig) =>
      new CredentialRollWorker(roll, roles.includes('verifier') ? 'verifier' : 'api'),
  },
  {
    provide: CredentialNames,
    inject: [BankRegistry, CreatedCredentials],
    useFactory: (registry: BankRegistry, created: CreatedCredentials) =>
      new RegisteredCredentialNames(registry, created),
  },
];
