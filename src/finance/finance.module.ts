import { Module, type OnModuleInit } from '@nestjs/common';
import { PersonalDataConfig } from '../platform/config/config.schema.js';
import { PageCursors } from '../platform/http/page-cursor.js';
import { ProjectionRegistry } from '../platform/projections/projection-registry.js';
import { WorkerRegistry } from '../platform/workers/worker.js';
import { ReportPositions } from './as-of/report-positions.store.js';
import { CoverageController } from './coverage/coverage.controller.js';
import { GetCoverageHandler } from './coverage/get-coverage.query-handler.js';
import { DailyTotalsController } from './daily-totals/daily-totals.controller.js';
import { DailyTotalsProjection } from './daily-totals/daily-totals.projection.js';
import { GetDailyTotalsHandler } from './daily-totals/get-daily-totals.query-handler.js';
import { ListMovementsController } from './movements/list-movements.controller.js';
import { ListMovementsHandler } from './movements/list-movements.query-handler.js';
import { MovementCensusWorker } from './movements/movement-census.worker.js';
import { MovementsProjection } from './movements/movements.projection.js';

const cursors = {
  provide: PageCursors,
  inject: [PersonalDataConfig],
  // Derived, so that nobody has to keep one more secret; a cursor holds nothing personal.
  useFactory: ({ indexKey }: PersonalDataConfig) => new PageCursors(indexKey.reveal(), 'movements'),
};

/** What finance asks. The composition root must provide `CommissionShares` to everyone. */
@Module({
  controllers: [DailyTotalsController, ListMovementsController, CoverageController],
  providers: [
    cursors,
    DailyTotalsProjection,
    GetCoverageHandler,
    GetDailyTotalsHandler,
    ListMovementsHandler,
    MovementCensusWorker,
    MovementsProjection,
    ReportPositions,
  ],
})
export class FinanceModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRegistry,
    private readonly workers: WorkerRegistry,
    private readonly dailyTotals: DailyTotalsProjection,
    private readonly movements: MovementsProjection,
    private readonly census: MovementCensusWorker,
  ) {}

  onModuleInit(): void {
    for (const projection of [this.dailyTotals, this.movements]) {
      this.projections.register(projection);
    }
    this.workers.register(this.census);
  }
}
