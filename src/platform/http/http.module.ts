import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { WorkerRegistry } from '../workers/worker.js';
import { DeprecationInterceptor } from './deprecation/deprecation.interceptor.js';
import { AttemptBook } from './idempotency/attempt-book.js';
import { IdempotencyRecordStore } from './idempotency/idempotency-records.store.js';
import { IdempotencyRecordsWorker } from './idempotency/idempotency-records.worker.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { RequestAttempts } from './idempotency/request-attempts.js';
import { ProblemCatalog } from './problem-catalog.js';
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
    RouteMethods,
    Problems,
    IdempotencyRecordStore,
    AttemptBook,
    RequestAttempts,
    IdempotencyRecordsWorker,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: DeprecationInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_PIPE, useClass: ValidationPipe },
  ],
  exports: [ProblemCatalog, Problems],
})
export class HttpModule implements OnModuleInit {
  constructor(
    private readonly workers: WorkerRegistry,
    private readonly records: IdempotencyRecordsWorker,
  ) {}

  onModuleInit(): void {
    this.workers.register(this.records);
  }
}
