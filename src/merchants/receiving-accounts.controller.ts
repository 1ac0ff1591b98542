import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ActingAs } from '../access/acts/act-context.decorator.js';
import type { ActContext } from '../access/acts/security-acts.port.js';
import { Requires } from '../access/requires.decorator.js';
import { uuidFrom } from '../kernel/ids.js';
import { IdempotencyKey } from '../platform/http/idempotency/idempotency-key.decorator.js';
import { Replayed } from '../platform/http/idempotency/replayed.decorator.js';
import { ProblemError } from '../platform/http/problem.js';
import { ReadsTruth } from '../platform/http/reads-model.decorator.js';
import { parseAccountNumber } from './account-number.js';
import { AddReceivingAccount } from './add-receiving-account/add-receiving-account.command.js';
import {
  accountList,
  addAccountBody,
  addedAccountResource,
  merchantIdParam,
  resourceOfAccount,
  type AccountResource,
  type AddAccountBody,
} from './merchant.resource.js';
import { MerchantStore } from './merchant.store.js';
import { Refuses } from '../platform/http/openapi/refuses.decorator.js';

type AddedAccount = z.output<typeof addedAccountResource>;

@ApiTags('merchants')
@Requires('admin')
@Refuses('not_found')
@Controller('merchants/:merchantId/accounts')
export class ReceivingAccountsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly store: MerchantStore,
  ) {}

  @Get()
  @ReadsTruth()
  @ApiOperation({ operationId: 'listReceivingAccounts', summary: "A merchant's accounts at banks" })
  @ApiResponse({ status: 200, description: 'All of them.', standardSchema: accountList })
  async list(
    @Param('merchantId', { schema: merchantIdParam }) merchantId: string,
  ): Promise<{ data: AccountResource[] }> {
    await this.mustExist(merchantId);
    return { data: (await this.store.listAccounts(merchantId)).map(resourceOfAccount) };
  }

  @Post()
  @HttpCode(201)
  @Refuses(
    'unknown_merchant',
    'account_number_invalid',
    'account_of_another_bank',
    'receiving_account_taken',
  )
  @ApiOperation({ operationId: 'addReceivingAccount', summary: 'Give a merchant an account' })
  @ApiResponse({ status: 201, description: 'Added.', standardSchema: addedAccountResource })
  @ApiResponse({
    status: 200,
    description: 'It was there already; Idempotency-Replayed is true.',
    standardSchema: addedAccountResource,
  })
  async add(
    @Param('merchantId', { schema: merchantIdParam }) merchantId: string,
    @Body({ schema: addAccountBody }) body: AddAccountBody,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AddedAccount> {
    await this.mustExist(merchantId);
    const id = uuidFrom('receiving account', merchantId, idempotencyKey);
    if (replayed) return this.addedAccount(id);
    const { receivingAccountId, created } = await this.commands.execute(
      new AddReceivingAccount(
        {
          receivingAccountId: id,
          merchantId,
          bank: body.bank,
          accountNumber: body.account_number,
          credentialId: body.credential_id,
          addedBy: acting.actor,
        },
        acting,
      ),
    );
    if (!created) void reply.code(200).header('idempotency-replayed', 'true');
    return this.addedAccount(receivingAccountId);
  }

  private async addedAccount(id: string): Promise<AddedAccount> {
    const row = await this.store.findAccount(id);
    if (row === null) throw new ProblemError('not_found');
    const fits = parseAccountNumber(row.account_number)?.checkDigitsFit === true;
    return { ...resourceOfAccount(row), warnings: fits ? [] : ['check_digits_differ'] };
  }

  private async mustExist(merchantId: string): Promise<void> {
    if ((await this.store.findMerchant(merchantId)) === null) throw new ProblemError('not_found');
  }
}
