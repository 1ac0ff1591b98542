import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { ReadsModel } from '../../platform/http/reads-model.decorator.js';
import { nextAddress } from '../../platform/http/next-address.js';
import { transactionResource } from '../get-transaction/transaction.resource.js';
import { ListTransactions } from './list-transactions.query.js';
import { listTransactionsQuery, type ListTransactionsQuery } from './list-transactions.request.js';
import { PayerPhone } from './payer-phone.decorator.js';
import { sends } from '../../platform/http/openapi/described-headers.js';

const transactionPage = z
  .object({
    data: z.array(transactionResource),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'TransactionPage' });

@ApiTags('transactions')
@Controller('transactions')
export class ListTransactionsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Requires('transactions:read')
  @ReadsModel('transaction-view')
  @ApiHeader({
    name: 'Payer-Phone',
    required: false,
    description:
      'Narrows the list to claims of this phone; sent with every page. Never part of the address, which others write down.',
  })
  @ApiOperation({ operationId: 'listTransactions', summary: 'Transactions, newest first' })
  @ApiResponse({
    status: 200,
    headers: sends('Link'),
    description: 'One page; Link names the next one. The list follows the log within moments.',
    standardSchema: transactionPage,
  })
  async list(
    @Query({ schema: listTransactionsQuery }) page: ListTransactionsQuery,
    @PayerPhone() payerPhone: string | null,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof transactionPage>> {
    const asked = { ...page, payerPhone };
    const { data, nextCursor } = await this.queries.execute(new ListTransactions(asked, caller));
    if (nextCursor !== null) {
      void reply.header('link', `<${nextAddress(request.url, nextCursor)}>; rel="next"`);
    }
    return { data: [...data], has_more: nextCursor !== null, next_cursor: nextCursor };
  }
}
