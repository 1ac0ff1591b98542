import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { nextAddress } from '../../platform/http/next-address.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { ReadsModel } from '../../platform/http/reads-model.decorator.js';
import { ListMovements } from './list-movements.query.js';
import { listMovementsQuery, type ListMovementsQuery } from './list-movements.request.js';
import { movementPage } from './movement.resource.js';

@ApiTags('finance')
@Controller('finance/movements')
export class ListMovementsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Requires('finance:read')
  @ReadsModel('movements', 'transaction-view')
  @Refuses('not_found')
  @ApiOperation({
    operationId: 'listMovements',
    summary: 'What the bank shows on the receiving accounts, seen last first',
  })
  @ApiResponse({
    status: 200,
    headers: sends('Link'),
    description: 'One page; Link names the next one. The list follows the log within moments.',
    standardSchema: movementPage,
  })
  async list(
    @Query({ schema: listMovementsQuery }) page: ListMovementsQuery,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof movementPage>> {
    const { data, nextCursor } = await this.queries.execute(new ListMovements(page, caller));
    if (nextCursor !== null) {
      void reply.header('link', `<${nextAddress(request.url, nextCursor)}>; rel="next"`);
    }
    return { data: [...data], has_more: nextCursor !== null, next_cursor: nextCursor };
  }
}
