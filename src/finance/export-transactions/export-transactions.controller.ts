import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { ActingAs } from '../../access/acts/act-context.decorator.js';
import type { ActContext } from '../../access/acts/security-acts.port.js';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { ReadsModel } from '../../platform/http/reads-model.decorator.js';
import { HEAD } from './export-body.js';
import { acceptedFormat, MEDIA_TYPES } from './export-format.js';
import { ExportTransactions } from './export-transactions.query.js';
import {
  exportTransactionsQuery,
  type ExportTransactionsQuery,
} from './export-transactions.request.js';

const END_EXAMPLE =
  '{"record":"end","rows":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","position":"p1a2b","report_version":1}\n';

/** A file as it is when nothing happened on its days; every other begins and ends the same way. */
const file = (value: string) =>
  ({ schema: { type: 'string' }, examples: { empty: { value } } }) as const;

@ApiTags('finance')
@Controller('finance/exports/transactions')
export class ExportTransactionsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Requires('finance:read')
  @ReadsModel('transaction-states')
  @Refuses('not_found', 'as_of_not_reached', 'event_store_unavailable')
  @ApiOperation({
    operationId: 'exportTransactions',
    summary: 'Transactions as a file',
    description:
      'Streams every transaction of the days, as they stood at one place in the log; payers appear only masked. The last line, whose record is `end`, counts the lines before it and holds the SHA-256 of their bytes: a file without it was cut off. The same as_of gives the same bytes. Each export is an act in the audit.',
  })
  @ApiResponse({
    status: 200,
    description: 'CSV (RFC 4180), or JSON Lines, in UTF-8.',
    content: { 'text/csv': file(HEAD), 'application/jsonl': file(END_EXAMPLE) },
  })
  async export(
    @Query({ schema: exportTransactionsQuery }) query: ExportTransactionsQuery,
    @Caller() caller: CallerIdentity,
    @ActingAs() acting: ActContext,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = query.format ?? acceptedFormat(request.headers.accept);
    const { body, fileName } = await this.queries.execute(
      new ExportTransactions({ ...query, format }, caller, acting),
    );
    const bytes = Readable.from(body, { objectMode: false });
    void reply
      .type(MEDIA_TYPES[format])
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .header('cache-control', 'no-store')
      .header('vary', 'accept')
      .send(bytes);
    // Who asks for the headers alone has them.
    if (request.method === 'HEAD') bytes.destroy();
  }
}
