import { Controller, Get, Param, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { GetTransaction } from './get-transaction.query.js';
import { transactionDetail, type TransactionDetail } from './transaction-detail.resource.js';
import { transactionIdParam } from './transaction-id.request.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

@ApiTags('transactions')
@Controller('transactions')
export class GetTransactionController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id')
  @Requires('transactions:read')
  @Refuses('transaction_not_found', 'event_store_unavailable')
  @ApiOperation({ operationId: 'getTransaction', summary: 'One transaction, from the log' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'As it stands now.',
    standardSchema: transactionDetail,
  })
  async get(
    @Param('id', { schema: transactionIdParam }) id: string,
    @Caller() caller: CallerIdentity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionDetail> {
    const transaction = await this.queries.execute(new GetTransaction(id, caller));
    void reply.header('etag', `"${transaction.version}"`);
    return transaction;
  }
}
