import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import { IdempotencyKey } from '../../platform/http/idempotency/idempotency-key.decorator.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { RequestContext } from '../../platform/http/request-context.decorator.js';
import { TransactionChanges } from '../get-transaction/transaction-changes.js';
import { transactionIdParam } from '../get-transaction/transaction-id.request.js';
import {
  transactionResource,
  type TransactionResource,
} from '../get-transaction/transaction.resource.js';
import { CancelTransaction } from './cancel-transaction.command.js';
import { cancelTransactionBody, type CancelTransactionBody } from './cancel-transaction.request.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

@ApiTags('transactions')
@Controller('transactions')
export class CancelTransactionController {
  constructor(private readonly changes: TransactionChanges) {}

  @Post(':id/cancel')
  @HttpCode(200)
  @Requires('transactions:write')
  @Refuses(
    'transaction_not_found',
    'concurrent_change',
    'event_store_unavailable',
    'not_allowed_in_status',
    'binding_in_progress',
  )
  @ApiOperation({ operationId: 'cancelTransaction', summary: 'Withdraw a claim' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'It is withdrawn; Idempotency-Replayed is true when it was before.',
    standardSchema: transactionResource,
  })
  cancel(
    @Param('id', { schema: transactionIdParam }) transactionId: string,
    @Body({ schema: cancelTransactionBody }) body: CancelTransactionBody,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @Caller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionResource> {
    const request = { transactionId, caller, idempotencyKey, reason: body?.reason ?? null };
    return this.changes.answer(new CancelTransaction(request, context), { replayed, reply });
  }
}
