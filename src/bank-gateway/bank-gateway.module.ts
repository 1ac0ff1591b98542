import { Module, type OnModuleInit } from '@nestjs/common';
import { SecurityActs } from '../access/acts/security-acts.port.js';
import { AccessModule } from '../access/access.module.js';
import { Clock } from '../kernel/clock.js';
import { RandomSource } from '../kernel/ids.js';
import { DatabaseConfig, PersonalDataConfig } from '../platform/config/config.schema.js';
import { DatabaseConnection } from '../platform/database/database.js';
import { ProblemCatalog } from '../platform/http/problem-catalog.js';
import { JobRegistry } from '../platform/jobs/job.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { MasterKeys } from '../platform/personal-data/master-keys.js';
import { WorkerRegistry } from '../platform/workers/worker.js';
import { BankGateway } from './bank-gateway.port.js';
import { BankHealth } from './bank.health.js';
import { BankRegistry } from './bank-registry.js';
import { BanescoConfig } from './banks/banesco/banesco.config.js';
import { BanescoSandboxConfig } from './banks/banesco/banesco.sandbox.config.js';
import { VenezuelaConfig } from './banks/venezuela/venezuela.config.js';
import { VenezuelaSandboxConfig } from './banks/venezuela/venezuela.sandbox.config.js';
import { bankCredentialProblems } from './credentials/bank-credential.rejections.js';
import { BankCredentialsController } from './credentials/bank-credentials.controller.js';
import { BankSecrets } from './credentials/bank-secrets.port.js';
import { BankSecretsController } from './credentials/bank-secrets.controller.js';
import { CreatedCredentials } from './credentials/created-credentials.store.js';
import { CredentialUses } from './credentials/credential-uses.port.js';
import { CredentialLifeController } from './credentials/credential-life.controller.js';
import { CredentialNames } from './credentials/credential-names.port.js';
import { CredentialRoll } from './credentials/credential-roll.js';
import { CredentialRollWorker } from './credentials/credential-roll.worker.js';
import { CredentialTrialWorker } from './credentials/credential-trial.worker.js';
import { CredentialActs } from './credentials/credential-acts.store.js';
import { CredentialReader } from './credentials/credential-reader.js';
import { CredentialTrials } from './credentials/credential-trials.store.js';
import { credentialsProviders } from './credentials/credentials.providers.js';
import { GatewayActsWorker } from './permits/gateway-acts.worker.js';
import { GatewayClosures } from './permits/gateway-closures.port.js';
import { PermitLog } from './permits/permit-log.port.js';
import { PostgresGatewayClosures } from './permits/postgres-gateway-closures.store.js';
import { PostgresPermitLog } from './permits/postgres-permit-log.store.js';
import { PostgresRawAnswers } from './raw-answers/postgres-raw-answers.store.js';
import { RawAnswersJob } from './raw-answers/raw-answers.job.js';
import { RawAnswersConfig } from './raw-answers/raw-answers.config.js';
import { RawAnswers } from './raw-answers/raw-answers.port.js';
import { RegisteredBankGateway } from './registered-bank-gateway.js';

@Module({
  imports: [AccessModule],
  controllers: [BankCredentialsController, BankSecretsController, CredentialLifeController],
  providers: [
    {
      provide: BankRegistry,
      inject: [BanescoConfig, BanescoSandboxConfig, VenezuelaConfig, VenezuelaSandboxConfig],
      useFactory: (
        banesco: BanescoConfig,
        banescoSandbox: BanescoSandboxConfig,
        venezuela: VenezuelaConfig,
        venezuelaSandbox: VenezuelaSandboxConfig,
      ) => new BankRegistry({ banesco, banescoSandbox, venezuela, venezuelaSandbox }),
    },
    {
      provide: PermitLog,
      inject: [DatabaseConnection, BankRegistry, Clock, RandomSource],
      useFactory: (
        database: DatabaseConnection,
        { limits }: BankRegistry,
        clock: Clock,
        random: RandomSource,
      ) => new PostgresPermitLog(database, limits, clock, random),
    },
    {
      provide: GatewayClosures,
      inject: [DatabaseConnection],
      useFactory: (database: DatabaseConnection) => new PostgresGatewayClosures(database),
    },
    {
      provide: RawAnswers,
      inject: [RawAnswersConfig, PersonalDataConfig, DatabaseConnection, Clock, RandomSource],
      useFactory: (
        { keptDays }: RawAnswersConfig,
        personalData: PersonalDataConfig,
        database: DatabaseConnection,
        clock: Clock,
        random: RandomSource,
      ) =>
        new PostgresRawAnswers(keptDays, {
          database,
          masterKeys: MasterKeys.from(personalData),
          clock,
          random,
        }),
    },
    ...credentialsProviders,
    {
      provide: CredentialActs,
      inject: [
        DatabaseConnection,
        BankSecrets,
        CredentialTrials,
        SecurityActs,
        BankRegistry,
        CreatedCredentials,
        CredentialUses,
        DatabaseConfig,
      ],
      useFactory: (
        database: DatabaseConnection,
        secrets: BankSecrets,
        trials: CredentialTrials,
        acts: SecurityActs,
        registry: BankRegistry,
        created: CreatedCredentials,
        uses: CredentialUses,
        { outageBridgeMs: rememberedMs }: DatabaseConfig,
      ) =>
        new CredentialActs({
          database,
          secrets,
          trials,
          acts,
          registry,
          created,
          uses,
          rememberedMs,
        }),
    },
    {
      provide: CredentialReader,
      inject: [
        BankRegistry,
        CredentialRoll,
        CredentialActs,
        BankSecrets,
        CredentialTrials,
        GatewayClosures,
        PermitLog,
      ],
      useFactory: (
        registry: BankRegistry,
        roll: CredentialRoll,
        acts: CredentialActs,
        secrets: BankSecrets,
        trials: CredentialTrials,
        closures: GatewayClosures,
        permits: PermitLog,
      ) => new CredentialReader({ registry, roll, acts, secrets, trials, closures, permits }),
    },
    {
      provide: CredentialTrialWorker,
      inject: [
        BankRegistry,
        CredentialRoll,
        CredentialTrials,
        BankSecrets,
        SecurityActs,
        PermitLog,
        DatabaseConnection,
        Metrics,
        Clock,
        RandomSource,
      ],
      useFactory: (
        registry: BankRegistry,
        roll: CredentialRoll,
        trials: CredentialTrials,
        secrets: BankSecrets,
        acts: SecurityActs,
        permits: PermitLog,
        database: DatabaseConnection,
        metrics: Metrics,
        clock: Clock,
        random: RandomSource,
      ) =>
        new CredentialTrialWorker({
          registry,
          roll,
          trials,
          secrets,
          acts,
          permits,
          database,
          metrics,
          clock,
          random,
        }),
    },
    {
      provide: BankGateway,
      inject: [
        BankRegistry,
        PermitLog,
        GatewayClosures,
        Clock,
        RandomSource,
        Metrics,
        RawAnswers,
        BankSecrets,
      ],
      useFactory: (
        registry: BankRegistry,
        permits: PermitLog,
        closures: GatewayClosures,
        clock: Clock,
        random: RandomSource,
        metrics: Metrics,
        rawAnswers: RawAnswers,
        secrets: BankSecrets,
      ) =>
        new RegisteredBankGateway(registry, {
          permits,
          closures,
          clock,
          random,
          metrics,
          rawAnswers,
          secrets,
        }),
    },
    BankHealth,
    GatewayActsWorker,
  ],
  exports: [BankGateway, PermitLog, GatewayClosures, RawAnswers, CredentialNames],
})
export class BankGatewayModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly answers: RawAnswers,
    private readonly workers: WorkerRegistry,
    private readonly acts: GatewayActsWorker,
    private readonly trials: CredentialTrialWorker,
    private readonly roll: CredentialRollWorker,
    problems: ProblemCatalog,
  ) {
    // At once: the document of the API is written without starting anything.
    problems.register(bankCredentialProblems);
  }

  onModuleInit(): void {
    this.jobs.register(new RawAnswersJob(this.answers));
    this.workers.register(this.acts);
    this.workers.register(this.trials);
    this.workers.register(this.roll);
  }
}
