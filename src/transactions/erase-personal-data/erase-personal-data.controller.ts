import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import { IdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { RequestContext } from '../../platform/http/request-context.decorator.js';
import { transactionIdParam } from '../get-transaction/transaction-id.request.js';
import {
  resourceOf,
  transactionResource,
  type TransactionResource,
} from '../get-transaction/transaction.resource.js';
import { ErasePersonalData } from './erase-personal-data.command.js';
import {
  erasePersonalDataBody,
  type ErasePersonalDataBody,
} from './erase-personal-data.request.js';

@ApiTags('transactions')
@Controller('transactions')
export class ErasePersonalDataController {
  constructor(private readonly commands: CommandBus) {}

  @Post(':id/erase-personal-data')
  @HttpCode(200)
  @Requires('admin')
  @ApiOperation({
    operationId: 'erasePersonalData',
    summary: 'Erase what the payer of an ended claim told of himself',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({
    status: 200,
    description: 'Only the masked form is left; Idempotency-Replayed is true when it was before.',
    standardSchema: transactionResource,
  })
  async erase(
    @Param('id', { schema: transactionIdParam }) transactionId: string,
    @Body({ schema: erasePersonalDataBody }) { reason }: ErasePersonalDataBody,
    @IdempotencyKey({ required: true }) idempotencyKey: string,
    @Caller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionResource> {
    const { transaction, replayed } = await this.commands.execute(
      new ErasePersonalData({ transactionId, caller, reason, idempotencyKey }, context),
    );
    const resource = resourceOf(transaction);
    void reply.header('etag', `"${resource.version}"`);
    if (replayed) void reply.header('idempotency-replayed', 'true');
    return resource;
  }
}
