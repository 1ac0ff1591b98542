import { Module, type OnModuleInit } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { ProblemCatalog } from '../platform/http/problem-catalog.js';
import { WebhookCatalog } from '../platform/http/webhook-catalog.js';
import { JobRegistry } from '../platform/jobs/job.js';
import { ProjectionRegistry } from '../platform/projections/projection-registry.js';
import { WorkerRegistry } from '../platform/workers/worker.js';
import { DeliveryAttempts } from './deliveries/delivery-attempts.js';
import { DeliveryQueue } from './deliveries/delivery-queue.store.js';
import { DeliverySettlement } from './deliveries/delivery-settlement.js';
import { EndpointDisabling } from './deliveries/endpoint-disabling.js';
import { ListDeliveriesHandler } from './deliveries/list-deliveries.query-handler.js';
import { Replays } from './deliveries/replays.js';
import { WebhookCensusWorker } from './deliveries/webhook-census.worker.js';
import { WebhookDeliveriesController } from './deliveries/webhook-deliveries.controller.js';
import { DeliveryStore } from './deliveries/webhook-delivery.store.js';
import { WebhookDeliveryWorker } from './deliveries/webhook-delivery.worker.js';
import { WebhookOutboxProjection } from './deliveries/webhook-outbox.projection.js';
import { WebhookRetentionJob } from './deliveries/webhook-retention.job.js';
import { WebhookRetention } from './deliveries/webhook-retention.store.js';
import { WebhookSender } from './deliveries/webhook-sender.js';
import { EndpointAdministration } from './endpoints/endpoint-administration.js';
import { EndpointSecrets } from './endpoints/endpoint-secrets.store.js';
import { EndpointUpkeepController } from './endpoints/endpoint-upkeep.controller.js';
import { EndpointStore } from './endpoints/webhook-endpoint.store.js';
import { WebhookEndpointsController } from './endpoints/webhook-endpoints.controller.js';
import { DESCRIBED_WEBHOOKS } from './webhook-message.js';
import { webhookProblems } from './webhook.rejections.js';

/** Tells merchants' backends what becomes of their claims. */
@Module({
  imports: [AccessModule],
  controllers: [WebhookEndpointsController, EndpointUpkeepController, WebhookDeliveriesController],
  providers: [
    EndpointStore,
    EndpointSecrets,
    EndpointAdministration,
    WebhookOutboxProjection,
    DeliveryQueue,
    DeliverySettlement,
    DeliveryAttempts,
    EndpointDisabling,
    DeliveryStore,
    WebhookSender,
    WebhookDeliveryWorker,
    WebhookCensusWorker,
    WebhookRetention,
    WebhookRetentionJob,
    Replays,
    ListDeliveriesHandler,
  ],
})
export class WebhooksModule implements OnModuleInit {
  constructor(
    problems: ProblemCatalog,
    sent: WebhookCatalog,
    private readonly projections: ProjectionRegistry,
    private readonly workers: WorkerRegistry,
    private readonly jobs: JobRegistry,
    private readonly outbox: WebhookOutboxProjection,
    private readonly delivery: WebhookDeliveryWorker,
    private readonly census: WebhookCensusWorker,
    private readonly retention: WebhookRetentionJob,
  ) {
    // At once: the document of the API is written without starting anything.
    problems.register(webhookProblems);
    sent.register(DESCRIBED_WEBHOOKS);
  }

  onModuleInit(): void {
    this.projections.register(this.outbox);
    this.workers.register(this.delivery);
    this.workers.register(this.census);
    this.jobs.register(this.retention);
  }
}
