import { Module, type OnModuleInit } from '@nestjs/common';
import { ProjectionRegistry } from '../platform/projections/projection-registry.js';
import { DailyTotalsController } from './daily-totals/daily-totals.controller.js';
import { DailyTotalsProjection } from './daily-totals/daily-totals.projection.js';
import { GetDailyTotalsHandler } from './daily-totals/get-daily-totals.query-handler.js';

@Module({
  controllers: [DailyTotalsController],
  providers: [DailyTotalsProjection, GetDailyTotalsHandler],
})
export class FinanceModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRegistry,
    private readonly dailyTotals: DailyTotalsProjection,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.dailyTotals);
  }
}
