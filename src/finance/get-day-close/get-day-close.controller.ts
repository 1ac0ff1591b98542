import { Controller, Get, Param, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { ProblemError } from '../../platform/http/problem.js';
import { accountIdParam, dayParam, versionParam } from '../close-day/close-day.request.js';
import {
  dayCloseResource,
  dayStanding,
  resourceOfClose,
  positionToken,
  resourceOfFigures,
  type DayCloseResource,
  type DayStanding,
} from '../close-day/day-close.resource.js';
import { differencesOf } from '../domain/day-difference.js';
import { GetDayCloses, GetDayStanding } from './get-day-close.query.js';

@ApiTags('finance')
@Controller('finance/day-close')
export class GetDayCloseController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':accountId/:day')
  @Requires('finance:read')
  @Refuses('not_found', 'as_of_not_reached', 'event_store_unavailable')
  @ApiOperation({
    operationId: 'getDayClose',
    summary: 'How a day was closed, what it comes to now, and how far the two are apart',
  })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'The day; its ETag is the version that a close names in If-Match.',
    standardSchema: dayStanding,
  })
  async standing(
    @Param('accountId', { schema: accountIdParam }) receivingAccountId: string,
    @Param('day', { schema: dayParam }) day: string,
    @Caller() caller: CallerIdentity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DayStanding> {
    const { version, close, now } = await this.queries.execute(
      new GetDayStanding(receivingAccountId, day, caller),
    );
    void reply.header('etag', `"${version}"`);
    return {
      receiving_account_id: receivingAccountId,
      day,
      time_zone: 'America/Caracas',
      version,
      close: close === null ? null : resourceOfClose(close),
      now: {
        position: positionToken(now.position),
        report_version: now.reportVersion,
        coverage: now.coverage,
        figures: resourceOfFigures(now.figures),
      },
      difference:
        close === null ? null : resourceOfFigures(differencesOf(now.figures, close.figures)),
    };
  }

  @Get(':accountId/:day/:version')
  @Requires('finance:read')
  @Refuses('not_found', 'event_store_unavailable')
  @ApiOperation({
    operationId: 'getDayCloseVersion',
    summary: 'One close of a day, byte for byte as it was made',
  })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'The close, also where a later one corrects it.',
    standardSchema: dayCloseResource,
  })
  async version(
    @Param('accountId', { schema: accountIdParam }) receivingAccountId: string,
    @Param('day', { schema: dayParam }) day: string,
    @Param('version', { schema: versionParam }) version: number,
    @Caller() caller: CallerIdentity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DayCloseResource> {
    const { closes } = await this.queries.execute(
      new GetDayCloses(receivingAccountId, day, caller),
    );
    const close = closes[version - 1];
    if (close === undefined) throw new ProblemError('not_found');
    void reply.header('etag', `"${version}"`);
    return resourceOfClose(close);
  }
}
