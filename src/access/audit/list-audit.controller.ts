import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { nextAddress } from '../../platform/http/next-address.js';
import { ReadsModel } from '../../platform/http/reads-model.decorator.js';
import { Requires } from '../requires.decorator.js';
import { auditPage, resourceOfEntry } from './audit-entry.resource.js';
import { ListAudit } from './list-audit.query.js';
import { listAuditQuery, type ListAuditQuery } from './list-audit.request.js';
import { sends } from '../../platform/http/openapi/described-headers.js';

@ApiTags('audit')
@Controller('audit')
export class ListAuditController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Requires('admin')
  @ReadsModel('audit')
  @ApiOperation({ operationId: 'listAudit', summary: 'Who did what, from where, when' })
  @ApiResponse({
    status: 200,
    headers: sends('Link'),
    description: 'One page, newest first; Link names the next one. It follows acts within moments.',
    standardSchema: auditPage,
  })
  async list(
    @Query({ schema: listAuditQuery }) page: ListAuditQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof auditPage>> {
    const { entries, nextCursor } = await this.queries.execute(new ListAudit(page));
    if (nextCursor !== null) {
      void reply.header('link', `<${nextAddress(request.url, nextCursor)}>; rel="next"`);
    }
    return {
      data: entries.map(resourceOfEntry),
      has_more: nextCursor !== null,
      next_cursor: nextCursor,
    };
  }
}
