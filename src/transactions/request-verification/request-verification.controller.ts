import { Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
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
import { RequestVerification } from './request-verification.command.js';

@ApiTags('transactions')
@Controller('transactions')
export class RequestVerificationController {
  constructor(private readonly commands: CommandBus) {}

  @Post(':id/verify')
  @HttpCode(202)
  @Requires('transactions:write')
  @ApiOperation({
    operationId: 'verifyTransaction',
    summary: 'Have the bank asked about a claim before the merchant’s others',
    description:
      'At most once a minute and 20 times for a claim. /explain tells when it will probably be asked.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({
    status: 202,
    description: 'It is next in the merchant’s own turn.',
    standardSchema: transactionResource,
  })
  async verify(
    @Param('id', { schema: transactionIdParam }) transactionId: string,
    @IdempotencyKey({ required: true }) idempotencyKey: string,
    @Caller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionResource> {
    const request = { transactionId, caller, idempotencyKey };
    const { replayed, ...hurried } = await this.commands.execute(
      new RequestVerification(request, context),
    );
    if (replayed) void reply.code(200);
    return changedResource({ ...hurried, replayed }, reply);
  }
}
