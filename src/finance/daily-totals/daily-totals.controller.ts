import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { ReadsModel } from '../../platform/http/reads-model.decorator.js';
import { dailyTotalsQuery, type DailyTotalsQuery } from './daily-totals.request.js';
import { dailyTotals, type DailyTotals } from './daily-totals.resource.js';
import { GetDailyTotals } from './get-daily-totals.query.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

@ApiTags('finance')
@Controller('finance/daily-totals')
export class DailyTotalsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Requires('finance:read')
  @ReadsModel('daily-totals')
  @Refuses('not_found', 'as_of_not_reached')
  @ApiOperation({ operationId: 'getDailyTotals', summary: 'What was claimed and paid, by day' })
  @ApiResponse({
    status: 200,
    description: 'One row per day, currency and status that has transactions.',
    standardSchema: dailyTotals,
  })
  async get(
    @Query({ schema: dailyTotalsQuery }) range: DailyTotalsQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<DailyTotals> {
    return this.queries.execute(new GetDailyTotals(range, caller));
  }
}
