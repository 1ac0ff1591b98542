import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import { IdempotencyKey } from '../../platform/http/idempotency/idempotency-key.decorator.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { RequestContext } from '../../platform/http/request-context.decorator.js';
import { transactionIdParam } from '../get-transaction/transaction-id.request.js';
import { TransactionChanges } from '../get-transaction/transaction-changes.js';
import {
  transactionResource,
  type TransactionResource,
} from '../get-transaction/transaction.resource.js';
import { ErasePersonalData } from './erase-personal-data.command.js';
import {
  erasePersonalDataBody,
  type ErasePersonalDataBody,
} from './erase-personal-data.request.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

@ApiTags('transactions')
@Controller('transactions')
export class ErasePersonalDataController {
  constructor(private readonly changes: TransactionChanges) {}

  @Post(':id/erase-personal-data')
  @HttpCode(200)
  @Requires('admin')
  @Refuses(
    'transaction_not_found',
    'concurrent_change',
    'event_store_unavailable',
    'claim_still_open',
    'binding_in_progress',
  )
  @ApiOperation({
    operationId: 'erasePersonalData',
    summary: 'Erase what the payer of an ended claim told of himself',
  })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'Only the masked form is left; Idempotency-Replayed is true when it was before.',
    standardSchema: transactionResource,
  })
  erase(
    @Param('id', { schema: transactionIdParam }) transactionId: string,
    @Body({ schema: erasePersonalDataBody }) { reason }: ErasePersonalDataBody,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @Caller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionResource> {
    const request = { transactionId, caller, reason, idempotencyKey };
    return this.changes.answer(new ErasePersonalData(request, context), { replayed, reply });
  }
}
