import { Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { EventCatalog } from '../platform/event-store/event-catalog.js';
import { ProblemCatalog } from '../platform/http/problem-catalog.js';
import { ProjectionRegistry } from '../platform/projections/projection-registry.js';
import { WorkerRegistry } from '../platform/workers/worker.js';
import { AccessGuard } from './access.guard.js';
import { accessProblems } from './access.rejections.js';
import { ActRelayWorker } from './acts/act-relay.worker.js';
import { PostgresSecurityActs } from './acts/postgres-security-acts.store.js';
import { securityActEvents } from './acts/security-act.event.js';
import { SecurityActs } from './acts/security-acts.port.js';
import { ApiKeyAuthentication } from './api-keys/api-key-authentication.js';
import { ApiKeyDirectory } from './api-keys/api-key-directory.js';
import { ApiKeyUses } from './api-keys/api-key-uses.js';
import { ApiKeyUsesWorker } from './api-keys/api-key-uses.worker.js';
import { ApiKeyStore } from './api-keys/api-key.store.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { EndApiKeyController } from './api-keys/end-api-key.controller.js';
import { IssueApiKeyHandler } from './api-keys/issue-api-key.command-handler.js';
import { RevokeApiKeyHandler } from './api-keys/revoke-api-key.command-handler.js';
import { RotateApiKeyHandler } from './api-keys/rotate-api-key.command-handler.js';
import { StoredApiKeyDirectory } from './api-keys/stored-api-key-directory.js';
import { AuditProjection } from './audit/audit.projection.js';
import { ListAuditController } from './audit/list-audit.controller.js';
import { ListAuditHandler } from './audit/list-audit.query-handler.js';
import { OwnAccountController } from './auth/own-account.controller.js';
import { SignInController } from './auth/sign-in.controller.js';
import { CallerLimits } from './limits/caller-limits.js';
import { RequestCounts } from './limits/request-counts.port.js';
import { RequestCountsWorker } from './limits/request-counts.worker.js';
import { SharedRequestCounts } from './limits/shared-request-counts.js';
import { RequestLimits } from './limits/request-limits.js';
import { peopleProviders } from './people.providers.js';
import { AccessRefusalsWorker } from './refusals/access-refusals.worker.js';
import { FlushWorker } from './sessions/flush.worker.js';
import { PublishedKeysController } from './sessions/published-keys.controller.js';
import { UsersController } from './users/users.controller.js';

/** Who may do what, and who did. */
@Module({
  controllers: [
    ApiKeysController,
    EndApiKeyController,
    ListAuditController,
    SignInController,
    OwnAccountController,
    UsersController,
    PublishedKeysController,
  ],
  providers: [
    ...peopleProviders,
    { provide: SecurityActs, useClass: PostgresSecurityActs },
    AccessRefusalsWorker,
    ActRelayWorker,
    AuditProjection,
    ListAuditHandler,
    CallerLimits,
    RequestLimits,
    { provide: RequestCounts, useClass: SharedRequestCounts },
    RequestCountsWorker,
    ApiKeyStore,
    { provide: ApiKeyDirectory, useClass: StoredApiKeyDirectory },
    ApiKeyAuthentication,
    ApiKeyUses,
    ApiKeyUsesWorker,
    IssueApiKeyHandler,
    RevokeApiKeyHandler,
    RotateApiKeyHandler,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [SecurityActs],
})
export class AccessModule implements OnModuleInit {
  constructor(
    private readonly problems: ProblemCatalog,
    private readonly events: EventCatalog,
    private readonly projections: ProjectionRegistry,
    private readonly workers: WorkerRegistry,
    private readonly audit: AuditProjection,
    private readonly relay: ActRelayWorker,
    private readonly uses: ApiKeyUsesWorker,
    private readonly flush: FlushWorker,
    private readonly counts: RequestCountsWorker,
    private readonly refusals: AccessRefusalsWorker,
  ) {}

  onModuleInit(): void {
    this.problems.register(accessProblems);
    this.events.register(securityActEvents);
    this.projections.register(this.audit);
    this.workers.register(this.relay);
    this.workers.register(this.uses);
    this.workers.register(this.flush);
    this.workers.register(this.counts);
    this.workers.register(this.refusals);
    this.refusals.watch();
  }
}
