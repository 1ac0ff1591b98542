import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import { IdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { RequestContext } from '../../platform/http/request-context.decorator.js';
import { changedResource } from '../get-transaction/changed-resource.js';
import { transactionIdParam } from '../get-transaction/transaction-id.request.js';
import {
  transactionResource,
  type TransactionResource,
} from '../get-transaction/transaction.resource.js';
import { CancelTransaction } from './cancel-transaction.command.js';
import { cancelTransactionBody, type CancelTransactionBody } from './cancel-transaction.request.js';

@ApiTags('transactions')
@Controller('transactions')
export class CancelTransactionController {
  constructor(private readonly commands: CommandBus) {}

  @Post(':id/cancel')
  @HttpCode(200)
  @Requires('transactions:write')
  @ApiOperation({ operationId: 'cancelTransaction', summary: 'Withdraw a claim' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({
    status: 200,
    description: 'It is withdrawn; Idempotency-Replayed is true when it was before.',
    standardSchema: transactionResource,
  })
  async cancel(
    @Param('id', { schema: transactionIdParam }) transactionId: string,
    @Body({ schema: cancelTransactionBody }) body: CancelTransactionBody,
    @IdempotencyKey({ required: true }) idempotencyKey: string,
    @Caller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionResource> {
    const request = { transactionId, caller, idempotencyKey, reason: body?.reason ?? null };
    return changedResource(
      await this.commands.execute(new CancelTransaction(request, context)),
      reply,
    );
  }
}
