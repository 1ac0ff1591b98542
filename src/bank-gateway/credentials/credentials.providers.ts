import type { Provider } from '@nestjs/common';
import { SecurityActs } from '../../access/acts/security-acts.port.js';
import { RandomSource } from '../../kernel/ids.js';
import { PersonalDataConfig } from '../../platform/config/config.schema.js';
import { DatabaseConnection } from '../../platform/database/database.js';
import { MasterKeys } from '../../platform/personal-data/master-keys.js';
import { BankSecrets } from './bank-secrets.port.js';
import { CredentialActs } from './credential-acts.store.js';
import { CredentialTrials } from './credential-trials.store.js';
import { PostgresBankSecrets } from './postgres-bank-secrets.store.js';

/** The secrets of banks, those that wait to be tried, and what admins do to both. */
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
    provide: CredentialActs,
    inject: [DatabaseConnection, BankSecrets, CredentialTrials, SecurityActs],
    useFactory: (
      database: DatabaseConnection,
      secrets: BankSecrets,
      trials: CredentialTrials,
      acts: SecurityActs,
    ) => new CredentialActs({ database, secrets, trials, acts }),
  },
];
