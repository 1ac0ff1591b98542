import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { JobRegistry } from '../jobs/job.js';
import { AttemptBook } from './idempotency/attempt-book.js';
import { IdempotencyRecordStore } from './idempotency/idempotency-records.store.js';
import { IdempotencyRecordsJob } from './idempotency/idempotency-records.job.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { RequestAttempts } from './idempotency/request-attempts.js';
import { ProblemCatalog } from './problem-catalog.js';
import { WebhookCatalog } from './webhook-catalog.js';
import { ProblemFilter } from './problem.filter.js';
import { Problems } from './problems.js';
import { ProblemsController } from './problems.controller.js';
import { RouteMethods } from './route-methods.js';
import { ValidationPipe } from './validation.pipe.js';

@Global()
@Module({
  controllers: [ProblemsController],
  providers: [
    ProblemCatalog,
    WebhookCatalog,
    RouteMethods,
    Problems,
    IdempotencyRecordStore,
    AttemptBook,
    RequestAttempts,
    IdempotencyRecordsJob,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_PIPE, useClass: ValidationPipe },
  ],
  exports: [ProblemCatalog, WebhookCatalog, Problems],
})
export class HttpModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly records: IdempotencyRecordsJob,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.records);
  }
}
