import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { transactionIdParam } from '../get-transaction/transaction-id.request.js';
import { ExplainTransaction } from './explain-transaction.query.js';
import { explanation, type Explanation } from './explanation.resource.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

@ApiTags('transactions')
@Controller('transactions')
export class ExplainTransactionController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id/explain')
  @Requires('transactions:read')
  @Refuses('transaction_not_found', 'event_store_unavailable')
  @ApiOperation({
    operationId: 'explainTransaction',
    summary: 'Why a transaction is where it is, and what happens next',
  })
  @ApiResponse({ status: 200, description: 'As the log has it.', standardSchema: explanation })
  async get(
    @Param('id', { schema: transactionIdParam }) id: string,
    @Caller() caller: CallerIdentity,
  ): Promise<Explanation> {
    return this.queries.execute(new ExplainTransaction(id, caller));
  }
}
