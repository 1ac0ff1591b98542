import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { Logger } from 'pino';
import { AccessModule } from './access/access.module.js';
import { RedisConfig } from './access/limits/redis.config.js';
import { LimitsConfig } from './access/limits/limits.config.js';
import { BreachedPasswordsConfig } from './access/passwords/breached-passwords.config.js';
import { SessionsConfig } from './access/sessions/sessions.config.js';
import { BankGatewayModule } from './bank-gateway/bank-gateway.module.js';
import { BanescoConfig } from './bank-gateway/banks/banesco/banesco.config.js';
import { BanescoSandboxConfig } from './bank-gateway/banks/banesco/banesco.sandbox.config.js';
import { VenezuelaConfig } from './bank-gateway/banks/venezuela/venezuela.config.js';
import { VenezuelaSandboxConfig } from './bank-gateway/banks/venezuela/venezuela.sandbox.config.js';
import { RawAnswersConfig } from './bank-gateway/raw-answers/raw-answers.config.js';
import { FinanceModule } from './finance/finance.module.js';
import { LiveConfig } from './live/live.config.js';
import { LiveModule } from './live/live.module.js';
import { MerchantsConfig } from './merchants/merchants.config.js';
import { MailConfig } from './notifications/mail.config.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { MerchantsModule } from './merchants/merchants.module.js';
import type { Configuration } from './platform/config/config.js';
import { PLATFORM_SECTIONS } from './platform/config/config.schema.js';
import type { AnyConfigSection } from './platform/config/variable.js';
import { HealthModule } from './platform/health/health.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { ServerConfig } from './platform/http/server.config.js';
import { ServerTlsConfig } from './platform/http/server-tls.config.js';
import { JobsConfig } from './platform/jobs/jobs.config.js';
import { JobsModule } from './platform/jobs/jobs.module.js';
import { LogAuditConfig } from './platform/log-audit/log-audit.config.js';
import { LogAuditModule } from './platform/log-audit/log-audit.module.js';
import { LoggingModule } from './platform/logging/logging.module.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { ProbeConfig } from './platform/probe/probe.config.js';
import { TransactionsModule } from './transactions/transactions.module.js';
import { VerificationConfig } from './verification/verification.config.js';
import { VerificationModule } from './verification/verification.module.js';
import { WebhooksConfig } from './webhooks/webhooks.config.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** Everything that can be configured: the sections of the platform and of every context. */
export const CONFIG_SECTIONS: readonly AnyConfigSection[] = [
  ...PLATFORM_SECTIONS,
  ServerConfig,
  ServerTlsConfig,
  LogAuditConfig,
  JobsConfig,
  ProbeConfig,
  BanescoConfig,
  BanescoSandboxConfig,
  VenezuelaConfig,
  VenezuelaSandboxConfig,
  RawAnswersConfig,
  VerificationConfig,
  SessionsConfig,
  BreachedPasswordsConfig,
  LimitsConfig,
  RedisConfig,
  MerchantsConfig,
  LiveConfig,
  MailConfig,
  WebhooksConfig,
];

/** The composition root: the only file that names every context. */
@Module({})
export class AppModule {
  static with(configuration: Configuration, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        LoggingModule.with(logger),
        PlatformModule.with(configuration),
        CqrsModule.forRoot(),
        MetricsModule,
        HttpModule,
        HealthModule,
        JobsModule,
        LogAuditModule,
        AccessModule,
        MerchantsModule,
        TransactionsModule,
        BankGatewayModule,
        VerificationModule,
        FinanceModule,
        LiveModule,
        NotificationsModule,
        WebhooksModule,
      ],
    };
  }
}
