import { Module, type OnModuleInit } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { Clock } from '../kernel/clock.js';
import { RandomSource } from '../kernel/ids.js';
import { PersonalDataConfig } from '../platform/config/config.schema.js';
import { DatabaseConnection } from '../platform/database/database.js';
import { JobRegistry } from '../platform/jobs/job.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { MasterKeys } from '../platform/personal-data/master-keys.js';
import { WorkerRegistry } from '../platform/workers/worker.js';
import { BankGateway } from './bank-gateway.port.js';
import { BankHealth } from './bank.health.js';
import { BankRegistry } from './bank-registry.js';
import { BanescoConfig } from './banks/banesco/banesco.config.js';
import { VenezuelaConfig } from './banks/venezuela/venezuela.config.js';
import { BankSecrets } from './credentials/bank-secrets.port.js';
import { PostgresBankSecrets } from './credentials/postgres-bank-secrets.store.js';
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
  providers: [
    {
      provide: BankRegistry,
      inject: [BanescoConfig, VenezuelaConfig],
      useFactory: (banesco: BanescoConfig, venezuela: VenezuelaConfig) =>
        new BankRegistry({ banesco, venezuela }),
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
  exports: [BankGateway, PermitLog, GatewayClosures, RawAnswers],
})
export class BankGatewayModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly answers: RawAnswers,
    private readonly workers: WorkerRegistry,
    private readonly acts: GatewayActsWorker,
  ) {}

  onModuleInit(): void {
    this.jobs.register(new RawAnswersJob(this.answers));
    this.workers.register(this.acts);
  }
}
