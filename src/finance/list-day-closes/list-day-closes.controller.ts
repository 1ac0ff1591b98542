import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { nextAddress } from '../../platform/http/next-address.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { ReadsModel } from '../../platform/http/reads-model.decorator.js';
import { dayCloseResource } from '../close-day/day-close.resource.js';
import { ListDayCloses } from './list-day-closes.query.js';
import { listDayClosesQuery, type ListDayClosesQuery } from './list-day-closes.request.js';

const dayClosePage = z
  .object({
    data: z.array(dayCloseResource),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'DayClosePage' });

@ApiTags('finance')
@Controller('finance/day-close')
export class ListDayClosesController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Requires('finance:read')
  @ReadsModel('day-closes')
  @Refuses('not_found')
  @ApiOperation({ operationId: 'listDayCloses', summary: 'Closed days, the latest close first' })
  @ApiResponse({
    status: 200,
    headers: sends('Link'),
    description: 'One page, corrected closes too; Link names the next one.',
    standardSchema: dayClosePage,
  })
  async list(
    @Query({ schema: listDayClosesQuery }) page: ListDayClosesQuery,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof dayClosePage>> {
    const { data, nextCursor } = await this.queries.execute(new ListDayCloses(page, caller));
    if (nextCursor !== null) {
      void reply.header('link', `<${nextAddress(request.url, nextCursor)}>; rel="next"`);
    }
    return { data: [...data], has_more: nextCursor !== null, next_cursor: nextCursor };
  }
}
