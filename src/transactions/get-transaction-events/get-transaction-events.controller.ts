import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { ReadsTruth } from '../../platform/http/reads-model.decorator.js';
import { transactionIdParam } from '../get-transaction/transaction-id.request.js';
import { GetTransactionEvents } from './get-transaction-events.query.js';
import { transactionHistory, type TransactionHistory } from './transaction-history.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

@ApiTags('transactions')
@Controller('transactions')
export class GetTransactionEventsController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id/events')
  @ReadsTruth()
  @Requires('transactions:read')
  @Refuses('transaction_not_found', 'event_store_unavailable')
  @ApiOperation({ operationId: 'getTransactionEvents', summary: 'What happened to a transaction' })
  @ApiResponse({ status: 200, description: 'Oldest first.', standardSchema: transactionHistory })
  async get(
    @Param('id', { schema: transactionIdParam }) id: string,
    @Caller() caller: CallerIdentity,
  ): Promise<TransactionHistory> {
    return this.queries.execute(new GetTransactionEvents(id, caller));
  }
}
