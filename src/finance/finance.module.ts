import { Module, type OnModuleInit } from '@nestjs/common';
import { ProjectionRegistry } from '../platform/projections/projection-registry.js';
import { ReportPositions } from './as-of/report-positions.store.js';
import { DailyTotalsController } from './daily-totals/daily-totals.controller.js';
import { DailyTotalsProjection } from './daily-totals/daily-totals.projection.js';
import { GetDailyTotalsHandler } from './daily-totals/get-daily-totals.query-handler.js';
import { MovementsProjection } from './movements/movements.projection.js';

@Module({
  controllers: [DailyTotalsController],
  providers: [DailyTotalsProjection, GetDailyTotalsHandler, MovementsProjection, ReportPositions],
})
export class FinanceModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRegistry,
    private readonly dailyTotals: DailyTotalsProjection,
    private readonly movements: MovementsProjection,
  ) {}

  onModuleInit(): void {
    for (const projection of [this.dailyTotals, this.movements]) {
      this.projections.register(projection);
    }
  }
}
