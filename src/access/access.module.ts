import { Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { EventCatalog } from '../platform/event-store/event-catalog.js';
import { ProblemCatalog } from '../platform/http/problem-catalog.js';
import { JobRegistry } from '../platform/jobs/job.js';
import { ProjectionRegistry } from '../platform/projections/projection-registry.js';
import { QueuedAppends } from '../platform/projections/queued-appends.js';
import { WorkerRegistry } from '../platform/workers/worker.js';
import { AccessGuard } from './access.guard.js';
import { accessProblems } from './access.rejections.js';
import { ActRelayWorker } from './acts/act-relay.worker.js';
import { ActWitnesses } from './acts/act-witnesses.port.js';
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
import { PostgresRequestCounts } from './limits/postgres-request-counts.store.js';
import { RequestCountsJob } from './limits/request-counts.job.js';
import { RequestCounts } from './limits/request-counts.port.js';
import { RequestCountsWorker } from './limits/request-counts.worker.js';
import { SharedRequestCounts } from './limits/shared-request-counts.js';
import { RequestLimits } from './limits/request-limits.js';
import { peopleProviders } from './people.providers.js';
import { AccessRefusalsWorker } from './refusals/access-refusals.worker.js';
import { SessionCensusWorker } from './sessions/session-census.worker.js';
import { SessionCleanupJob } from './sessions/session-cleanup.job.js';
import { PublishedKeysController } from './sessions/published-keys.controller.js';
import { CallerDoor } from './standing/caller-door.port.js';
import { GuardedDoor } from './standing/guarded-door.js';
import { ReviewedCallers } from './standing/reviewed-callers.js';
import { StayingCallers } from './standing/staying-callers.port.js';
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
    ActWitnesses,
    PostgresSecurityActs,
    { provide: SecurityActs, useExisting: PostgresSecurityActs },
    AccessRefusalsWorker,
    ActRelayWorker,
    AuditProjection,
    ListAuditHandler,
    CallerLimits,
    RequestLimits,
    PostgresRequestCounts,
    { provide: RequestCounts, useClass: SharedRequestCounts },
    RequestCountsJob,
    RequestCountsWorker,
    ApiKeyStore,
    { provide: ApiKeyDirectory, useClass: StoredApiKeyDirectory },
    ApiKeyAuthentication,
    ApiKeyUses,
    ApiKeyUsesWorker,
    IssueApiKeyHandler,
    RevokeApiKeyHandler,
    RotateApiKeyHandler,
    { provide: StayingCallers, useClass: ReviewedCallers },
    { provide: CallerDoor, useClass: GuardedDoor },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ActWitnesses, SecurityActs, StayingCallers, CallerDoor],
})
export class AccessModule implements OnModuleInit {
  constructor(
    problems: ProblemCatalog,
    private readonly events: EventCatalog,
    private readonly projections: ProjectionRegistry,
    private readonly workers: WorkerRegistry,
    private readonly audit: AuditProjection,
    private readonly relay: ActRelayWorker,
    private readonly uses: ApiKeyUsesWorker,
    private readonly census: SessionCensusWorker,
    private readonly counts: RequestCountsWorker,
    private readonly queued: QueuedAppends,
    private readonly acts: PostgresSecurityActs,
    private readonly jobs: JobRegistry,
    private readonly sessionCleanup: SessionCleanupJob,
    private readonly countCleanup: RequestCountsJob,
    private readonly refusals: AccessRefusalsWorker,
  ) {
    // At once: the document of the API is written without starting anything.
    problems.register(accessProblems);
  }

  onModuleInit(): void {
    this.events.register(securityActEvents);
    this.projections.register(this.audit);
    this.queued.register(this.acts);
    this.workers.register(this.relay);
    this.workers.register(this.uses);
    this.workers.register(this.census);
    this.workers.register(this.counts);
    this.jobs.register(this.sessionCleanup);
    this.jobs.register(this.countCleanup);
    this.workers.register(this.refusals);
    this.refusals.watch();
  }
}
