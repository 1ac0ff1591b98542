import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { ReadsModel } from '../../platform/http/reads-model.decorator.js';
import { coverageQuery, type CoverageQuery } from './coverage.request.js';
import { accountCoverage, type AccountCoverage } from './coverage.resource.js';
import { GetCoverage } from './get-coverage.query.js';

@ApiTags('finance')
@Controller('finance/coverage')
export class CoverageController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Requires('finance:read')
  @ReadsModel('movements')
  @Refuses('not_found')
  @ApiOperation({
    operationId: 'getCoverage',
    summary: "What listings covered of an account's days",
  })
  @ApiResponse({
    status: 200,
    description: 'Each day asked for, those that no listing covered too.',
    standardSchema: accountCoverage,
  })
  async get(
    @Query({ schema: coverageQuery }) asked: CoverageQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<AccountCoverage> {
    return this.queries.execute(new GetCoverage(asked, caller));
  }
}
