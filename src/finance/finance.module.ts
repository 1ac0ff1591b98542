import { Module, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { AccessModule } from '../access/access.module.js';
import { MerchantsModule } from '../merchants/merchants.module.js';
import { PersonalDataConfig } from '../platform/config/config.schema.js';
import { EventCatalog } from '../platform/event-store/event-catalog.js';
import { PageCursors } from '../platform/http/page-cursor.js';
import { ProblemCatalog } from '../platform/http/problem-catalog.js';
import { ProjectionRegistry } from '../platform/projections/projection-registry.js';
import { WorkerRegistry } from '../platform/workers/worker.js';
import { ReportPositions } from './as-of/report-positions.store.js';
import { CloseDayHandler } from './close-day/close-day.command-handler.js';
import { CloseDayController } from './close-day/close-day.controller.js';
import { DayFiguresReader } from './close-day/day-figures.store.js';
import { CoverageController } from './coverage/coverage.controller.js';
import { GetCoverageHandler } from './coverage/get-coverage.query-handler.js';
import { DailyTotalsController } from './daily-totals/daily-totals.controller.js';
import { DailyTotalsProjection } from './daily-totals/daily-totals.projection.js';
import { GetDailyTotalsHandler } from './daily-totals/get-daily-totals.query-handler.js';
import { dayCloseEvents } from './events/day-closed.event.js';
import { ExportTransactionsController } from './export-transactions/export-transactions.controller.js';
import { ExportTransactionsHandler } from './export-transactions/export-transactions.query-handler.js';
import { TransactionStatePages } from './export-transactions/transaction-state-pages.store.js';
import { financeProblems } from './finance.rejections.js';
import { GetDayCloseController } from './get-day-close/get-day-close.controller.js';
import {
  GetDayClosesHandler,
  GetDayStandingHandler,
} from './get-day-close/get-day-close.query-handler.js';
import { DayClosesProjection } from './list-day-closes/day-closes.projection.js';
import { ListDayClosesController } from './list-day-closes/list-day-closes.controller.js';
import { ListDayClosesHandler } from './list-day-closes/list-day-closes.query-handler.js';
import { ListMovementsController } from './movements/list-movements.controller.js';
import { ListMovementsHandler } from './movements/list-movements.query-handler.js';
import { MovementCensusWorker } from './movements/movement-census.worker.js';
import { MovementsProjection } from './movements/movements.projection.js';
import { TransactionStatesProjection } from './transaction-states/transaction-states.projection.js';

const cursors = {
  provide: PageCursors,
  inject: [PersonalDataConfig],
  // Derived, so that nobody has to keep one more secret; a cursor holds nothing personal.
  useFactory: ({ indexKey }: PersonalDataConfig) => new PageCursors(indexKey.reveal(), 'movements'),
};

const PROJECTIONS = [
  DailyTotalsProjection,
  MovementsProjection,
  TransactionStatesProjection,
  DayClosesProjection,
];

/** What finance asks. The composition root must provide `CommissionShares` to everyone. */
@Module({
  imports: [AccessModule, MerchantsModule],
  controllers: [
    DailyTotalsController,
    ListMovementsController,
    CoverageController,
    ExportTransactionsController,
    CloseDayController,
    ListDayClosesController,
    GetDayCloseController,
  ],
  providers: [
    cursors,
    ReportPositions,
    DailyTotalsProjection,
    MovementsProjection,
    TransactionStatesProjection,
    DayClosesProjection,
    MovementCensusWorker,
    GetDailyTotalsHandler,
    ListMovementsHandler,
    GetCoverageHandler,
    ExportTransactionsHandler,
    TransactionStatePages,
    DayFiguresReader,
    CloseDayHandler,
    GetDayClosesHandler,
    GetDayStandingHandler,
    ListDayClosesHandler,
  ],
})
export class FinanceModule implements OnModuleInit {
  constructor(
    private readonly modules: ModuleRef,
    private readonly events: EventCatalog,
    private readonly projections: ProjectionRegistry,
    private readonly workers: WorkerRegistry,
    problems: ProblemCatalog,
  ) {
    // At once: the document of the API is written without starting anything.
    problems.register(financeProblems);
  }

  onModuleInit(): void {
    this.events.register(dayCloseEvents);
    for (const projection of PROJECTIONS) this.projections.register(this.modules.get(projection));
    this.workers.register(this.modules.get(MovementCensusWorker));
  }
}
