import { Body, Controller, Headers, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { Clock } from '../../kernel/clock.js';
import { localDateAt } from '../../kernel/local-date.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import { IdempotencyKeyOptional } from '../../platform/http/idempotency/key-use.decorator.js';
import { ProblemError } from '../../platform/http/problem.js';
import { RequestContext } from '../../platform/http/request-context.decorator.js';
import type { SubmittedTransaction } from '../domain/transaction.js';
import {
  resourceOf,
  transactionResource,
  type TransactionResource,
} from '../get-transaction/transaction.resource.js';
import { SubmitTransaction } from './submit-transaction.command.js';
import {
  readSubmission,
  submissionOf,
  submitTransactionSchema,
} from './submit-transaction.request.js';
import { preferredWait, VerdictWait } from './verdict-wait.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

@ApiTags('transactions')
@Controller('transactions')
export class SubmitTransactionController {
  constructor(
    private readonly commands: CommandBus,
    private readonly waiting: VerdictWait,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Requires('transactions:write')
  @IdempotencyKeyOptional()
  @Refuses(
    'merchant_suspended',
    'receiving_account_unknown',
    'bank_not_served',
    'reference_too_short',
    'payer_incomplete',
    'duplicate_reference',
    'predecessor_closed',
    'key_reserved',
    'too_many_occurrences',
    'distinct_from_unrelated',
    'concurrent_change',
    'event_store_unavailable',
  )
  @ApiOperation({ operationId: 'submitTransaction', summary: 'Claim that a payment was made' })
  @ApiBody({ schema: submitTransactionSchema })
  @ApiHeader({ name: 'Prefer', required: false, description: 'wait=N waits for a verdict.' })
  @ApiResponse({
    status: 202,
    headers: sends('Location', 'ETag', 'Preference-Applied'),
    description: 'The claim is on disk; the bank will be asked.',
    standardSchema: transactionResource,
  })
  @ApiResponse({
    status: 200,
    headers: sends('Location', 'ETag', 'Preference-Applied'),
    description: 'The same claim was submitted before; Idempotency-Replayed is true.',
    standardSchema: transactionResource,
  })
  async submit(
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionResource> {
    const { merchantId, mode } = caller;
    if (merchantId === null) throw new ProblemError('not_permitted');
    const claim = readSubmission(body, localDateAt(this.clock.now()));
    const taken = await this.commands.execute(
      new SubmitTransaction(submissionOf(claim, { merchantId, mode }), context),
    );
    const transaction = await this.waitIfPreferred(taken.transaction, prefer, reply);
    const resource = resourceOf(transaction);
    void reply
      .code(taken.replayed ? 200 : 202)
      .header('location', `/api/v1/transactions/${resource.id}`)
      .header('etag', `"${resource.version}"`);
    if (taken.replayed) void reply.header('idempotency-replayed', 'true');
    return resource;
  }

  private async waitIfPreferred(
    transaction: SubmittedTransaction,
    prefer: string | undefined,
    reply: FastifyReply,
  ): Promise<SubmittedTransaction> {
    const seconds = preferredWait(prefer);
    if (seconds === null) return transaction;
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    void reply.header('preference-applied', `wait=${seconds}`);
    return this.waiting.forVerdict(transaction, seconds, gone.signal);
  }
}
