import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { Clock } from '../../kernel/clock.js';
import { localDateAt } from '../../kernel/local-date.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import { bodyDocument } from '../../platform/http/body-document.js';
import { IdempotencyKey } from '../../platform/http/idempotency/idempotency-key.decorator.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { SeenVersion } from '../../platform/http/if-match.decorator.js';
import { RequestContext } from '../../platform/http/request-context.decorator.js';
import { TransactionChanges } from '../get-transaction/transaction-changes.js';
import { transactionIdParam } from '../get-transaction/transaction-id.request.js';
import {
  transactionResource,
  type TransactionResource,
} from '../get-transaction/transaction.resource.js';
import { CorrectTransaction } from './correct-transaction.command.js';
import {
  amendmentOf,
  correctionExamples,
  correctTransactionBody,
  type CorrectTransactionBody,
} from './correct-transaction.request.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

@ApiTags('transactions')
@Controller('transactions')
export class CorrectTransactionController {
  constructor(
    private readonly changes: TransactionChanges,
    private readonly clock: Clock,
  ) {}

  @Post(':id/correct')
  @HttpCode(200)
  @Requires('transactions:write')
  @Refuses(
    'transaction_not_found',
    'concurrent_change',
    'event_store_unavailable',
    'not_allowed_in_status',
    'binding_in_progress',
    'movement_held',
    'ask_in_progress',
    'match_period_over',
    'newer_fact',
    'too_many_corrections',
    'merchant_suspended',
    'receiving_account_unknown',
    'bank_not_served',
    'reference_too_short',
    'payer_incomplete',
    'duplicate_reference',
    'predecessor_closed',
    'key_reserved',
    'too_many_occurrences',
  )
  @ApiOperation({
    operationId: 'correctTransaction',
    summary: 'Amend a claim that no movement is bound to, and have it asked about again',
  })
  @ApiBody(bodyDocument(correctTransactionBody, correctionExamples))
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag of what was seen.' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'As it stands now; Idempotency-Replayed is true when nothing had to change.',
    standardSchema: transactionResource,
  })
  correct(
    @Param('id', { schema: transactionIdParam }) transactionId: string,
    @Body({ schema: correctTransactionBody }) body: CorrectTransactionBody,
    @SeenVersion() seenVersion: number,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @Caller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionResource> {
    const amendment = amendmentOf(body, localDateAt(this.clock.now()));
    const reason = body.reason ?? null;
    const request = { transactionId, caller, amendment, reason, seenVersion, idempotencyKey };
    return this.changes.answer(new CorrectTransaction(request, context), { replayed, reply });
  }
}
