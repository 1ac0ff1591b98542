import { applyDecorators, Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { StaffCaller } from '../../access/staff-caller.decorator.js';
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
import { DecideTransaction, type PersonsChoice } from './decide-transaction.command.js';
import {
  reasonedBody,
  reasonExample,
  reviewExamples,
  reviewTransactionBody,
  type ReasonedBody,
  type ReviewTransactionBody,
} from './decide-transaction.request.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

/** What is the same for the three acts: for staff, named by a key, on the version that was seen. */
const PersonsAct = (operationId: string, summary: string) =>
  applyDecorators(
    HttpCode(200),
    Requires('transactions:review'),
    Refuses(
      'transaction_not_found',
      'newer_fact',
      'not_allowed_in_status',
      'binding_in_progress',
      'match_period_over',
      'concurrent_change',
      'event_store_unavailable',
    ),
    ApiOperation({ operationId, summary }),
    ApiHeader({ name: 'If-Match', required: true, description: 'The ETag of what was seen.' }),
    ApiResponse({
      status: 200,
      headers: sends('ETag'),
      description: 'As it stands now; Idempotency-Replayed is true for a repeat.',
      standardSchema: transactionResource,
    }),
  );

@ApiTags('review')
@Controller('transactions')
export class DecideTransactionController {
  constructor(private readonly changes: TransactionChanges) {}

  @Post(':id/review')
  @Refuses(
    'movement_already_bound',
    'movement_held',
    'movement_unknown',
    'not_a_credit',
    'currency_differs',
    'amount_differs',
    'ask_in_progress',
  )
  @PersonsAct('reviewTransaction', 'Settle what the machine must not guess')
  @ApiBody(bodyDocument(reviewTransactionBody, reviewExamples))
  review(
    @Param('id', { schema: transactionIdParam }) transactionId: string,
    @Body({ schema: reviewTransactionBody }) body: ReviewTransactionBody,
    @SeenVersion() seenVersion: number,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @StaffCaller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionResource> {
    const { reason } = body;
    const choice: PersonsChoice =
      body.decision === 'verify'
        ? { act: 'verify', movementKey: body.movement_key }
        : { act: body.decision };
    const request = { transactionId, caller, choice, reason, seenVersion, idempotencyKey };
    return this.changes.answer(new DecideTransaction(request, context), { replayed, reply });
  }

  @Post(':id/reverse')
  @PersonsAct('reverseTransaction', 'Say that the bank took the money back')
  @ApiBody(bodyDocument(reasonedBody, reasonExample))
  reverse(
    @Param('id', { schema: transactionIdParam }) transactionId: string,
    @Body({ schema: reasonedBody }) { reason }: ReasonedBody,
    @SeenVersion() seenVersion: number,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @StaffCaller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionResource> {
    const choice = { act: 'reverse' } as const;
    const request = { transactionId, caller, choice, reason, seenVersion, idempotencyKey };
    return this.changes.answer(new DecideTransaction(request, context), { replayed, reply });
  }

  @Post(':id/reopen')
  @PersonsAct('reopenTransaction', 'Take a verdict back for another look')
  @ApiBody(bodyDocument(reasonedBody, reasonExample))
  reopen(
    @Param('id', { schema: transactionIdParam }) transactionId: string,
    @Body({ schema: reasonedBody }) { reason }: ReasonedBody,
    @SeenVersion() seenVersion: number,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @StaffCaller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransactionResource> {
    const choice = { act: 'reopen' } as const;
    const request = { transactionId, caller, choice, reason, seenVersion, idempotencyKey };
    return this.changes.answer(new DecideTransaction(request, context), { replayed, reply });
  }
}
