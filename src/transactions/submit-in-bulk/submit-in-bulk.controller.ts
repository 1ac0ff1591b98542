import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import { EventStoreUnavailable } from '../../platform/event-store/event-store.js';
import { BodyLimit } from '../../platform/http/body-limit.decorator.js';
import { IdempotencyKeyOptional } from '../../platform/http/idempotency/key-use.decorator.js';
import { ProblemError } from '../../platform/http/problem.js';
import { Problems } from '../../platform/http/problems.js';
import { RequestContext } from '../../platform/http/request-context.decorator.js';
import { resourceOf } from '../get-transaction/transaction.resource.js';
import {
  SubmitTransaction,
  type SubmissionTaken,
} from '../submit-transaction/submit-transaction.command.js';
import { BulkAdmission } from './bulk-admission.js';
import { bulkResults, type BulkResult, type BulkResults } from './bulk-result.resource.js';
import { Lanes } from './lanes.js';
import {
  BULK_BODY_LIMIT_BYTES,
  submitInBulkBody,
  type SubmitInBulkBody,
} from './submit-in-bulk.request.js';

// For all bulks together: enough appends under way to fill each commit of the store, also while one bulk begins or ends,
// and few enough that other callers are served between them.
const LANES = 128;

@ApiTags('transactions')
@Controller('transactions')
export class SubmitInBulkController {
  private readonly lanes = new Lanes(LANES);

  constructor(
    private readonly commands: CommandBus,
    private readonly problems: Problems,
    private readonly admission: BulkAdmission,
  ) {}

  @Post('bulk')
  @HttpCode(200)
  @Requires('transactions:write')
  @IdempotencyKeyOptional()
  @BodyLimit(BULK_BODY_LIMIT_BYTES)
  @ApiOperation({
    operationId: 'submitTransactionsInBulk',
    summary: 'Claim that up to 500 payments were made',
  })
  @ApiResponse({
    status: 200,
    description: 'One result per claim, in their order; each claim is taken or refused by itself.',
    standardSchema: bulkResults,
  })
  async submit(
    @Body({ schema: submitInBulkBody }) { transactions }: SubmitInBulkBody,
    @Caller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Req() request: FastifyRequest,
  ): Promise<BulkResults> {
    const { merchantId, mode } = caller;
    if (merchantId === null) throw new ProblemError('not_permitted');
    const claims = await this.admission.prepare(transactions, { merchantId, mode });
    let away: EventStoreUnavailable | null = null;
    const results = await this.lanes.through(claims, async (claim, index) => {
      try {
        if (claim.refused) throw claim.reason;
        // A store that does not answer is asked no more: the caller would be gone before the last claim.
        if (away !== null) throw away;
        const { submission, admitted } = claim;
        const command = new SubmitTransaction(submission, context, admitted);
        return taken(index, await this.commands.execute(command));
      } catch (error) {
        if (error instanceof EventStoreUnavailable) away = error;
        const { document } = this.problems.of(error, request);
        return { index, status: document.status, transaction: null, problem: document };
      }
    });
    return { ...countsOf(results), results };
  }
}

const taken = (index: number, { transaction, replayed }: SubmissionTaken): BulkResult => ({
  index,
  status: replayed ? 200 : 202,
  transaction: resourceOf(transaction),
  problem: null,
});

function countsOf(results: readonly BulkResult[]): Omit<BulkResults, 'results'> {
  const withStatus = (status: number): number =>
    results.filter((result) => result.status === status).length;
  const accepted = withStatus(202);
  const replayed = withStatus(200);
  return { accepted, replayed, refused: results.length - accepted - replayed };
}
