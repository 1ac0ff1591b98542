import { Module } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { RandomSource } from '../kernel/ids.js';
import { DatabaseConnection } from '../platform/database/database.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { BankGateway } from './bank-gateway.port.js';
import { BankHealth } from './bank.health.js';
import { BankRegistry } from './bank-registry.js';
import { BanescoConfig } from './banks/banesco/banesco.config.js';
import { GatewayClosures } from './permits/gateway-closures.port.js';
import { PermitLog } from './permits/permit-log.port.js';
import { PostgresGatewayClosures } from './permits/postgres-gateway-closures.store.js';
import { PostgresPermitLog } from './permits/postgres-permit-log.store.js';
import { RegisteredBankGateway } from './registered-bank-gateway.js';

@Module({
  providers: [
    {
      provide: BankRegistry,
      inject: [BanescoConfig],
      useFactory: (banesco: BanescoConfig) => new BankRegistry({ banesco }),
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
      provide: BankGateway,
      inject: [BankRegistry, PermitLog, GatewayClosures, Clock, RandomSource, Metrics],
      useFactory: (
        registry: BankRegistry,
        permits: PermitLog,
        closures: GatewayClosures,
        clock: Clock,
        random: RandomSource,
        metrics: Metrics,
      ) => new RegisteredBankGateway(registry, { permits, closures, clock, random, metrics }),
    },
    BankHealth,
  ],
  exports: [BankGateway, PermitLog, GatewayClosures],
})
export class BankGatewayModule {}
