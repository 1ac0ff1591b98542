import { Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
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
import { RequestVerification } from './request-verification.command.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

@ApiTags('transactions')
@Controller('transactions')
export class RequestVerificationController {
  constructor(private readonly changes: TransactionChanges) {}

  @Post(':id/verify')
  @HttpCode(202)
  @Requires('transactions:write')
  @Refuses(
    'transaction_not_found',
    'concurrent_change',
    'event_store_unavailable',
    'not_allowed_in_status',
    'binding_in_progress',
    'ask_in_progress',
    'match_period_over',
    'requested_recently',
    'requested_too_often',
  )
  @ApiOperation({
    operationId: 'verifyTransaction',
    summary: 'Have the bank asked about a claim before the merchant’s others',
    description:
      'At most once a minute and 20 times for a claim. /explain tells when it will probably be asked.',
  })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'A repeat: as it stands now.',
    standardSchema: transactionResource,
  })
  @ApiResponse({
    status: 202,
    headers: sends('ETag'),
    description: 'It is next in the merchant’s own turn.',
    standardSchema: transactionResource,
  })
  verify(
    @Param('id', { schema: transactionIdParam }) transactionId: string,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @Caller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionResource> {
    const request = { transactionId, caller, idempotencyKey };
    return this.changes.answer(new RequestVerification(request, context), { replayed, reply });
  }
}
