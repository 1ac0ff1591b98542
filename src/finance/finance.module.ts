import { Module, type OnModuleInit } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { MerchantsModule } from '../merchants/merchants.module.js';
import { EventCatalog } from '../platform/event-store/event-catalog.js';
import { ProblemCatalog } from '../platform/http/problem-catalog.js';
import { ProjectionRegistry } from '../platform/projections/projection-registry.js';
import { ReportPositions } from './as-of/report-positions.store.js';
import { CloseDayController } from './close-day/close-day.controller.js';
import { CloseDayHandler } from './close-day/close-day.command-handler.js';
import { DayFiguresReader } from './close-day/day-figures.store.js';
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
import { MovementsProjection } from './movements/movements.projection.js';
import { TransactionStatesProjection } from './transaction-states/transaction-states.projection.js';

@Module({
  imports: [AccessModule, MerchantsModule],
  controllers: [
    DailyTotalsController,
    ExportTransactionsController,
    CloseDayController,
    ListDayClosesController,
    GetDayCloseController,
  ],
  providers: [
    DailyTotalsProjection,
    MovementsProjection,
    TransactionStatesProjection,
    DayClosesProjection,
    ReportPositions,
    GetDailyTotalsHandler,
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
    private readonly projections: ProjectionRegistry,
    private readonly events: EventCatalog,
    problems: ProblemCatalog,
    private readonly dailyTotals: DailyTotalsProjection,
    private readonly movements: MovementsProjection,
    private readonly states: TransactionStatesProjection,
    private readonly closes: DayClosesProjection,
  ) {
    // At once: the document of the API is written without starting anything.
    problems.register(financeProblems);
  }

  onModuleInit(): void {
    this.events.register(dayCloseEvents);
    for (const projection of [this.dailyTotals, this.movements, this.states, this.closes]) {
      this.projections.register(projection);
    }
  }
}
