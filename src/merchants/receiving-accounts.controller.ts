import { Body, Controller, Get, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ActingAs } from '../access/acts/act-context.decorator.js';
import type { ActContext } from '../access/acts/security-acts.port.js';
import { Requires } from '../access/requires.decorator.js';
import { uuidFrom } from '../kernel/ids.js';
import type { LocalDate } from '../kernel/local-date.js';
import { IdempotencyKey } from '../platform/http/idempotency/idempotency-key.decorator.js';
import { Replayed } from '../platform/http/idempotency/replayed.decorator.js';
import { SeenVersion } from '../platform/http/if-match.decorator.js';
import { sends } from '../platform/http/openapi/described-headers.js';
import { Refuses } from '../platform/http/openapi/refuses.decorator.js';
import { ProblemError } from '../platform/http/problem.js';
import { ReadsTruth } from '../platform/http/reads-model.decorator.js';
import { parseAccountNumber } from './account-number.js';
import { AddReceivingAccount } from './add-receiving-account/add-receiving-account.command.js';
import { ChangeReceivingAccount } from './change-receiving-account/change-receiving-account.command.js';
import {
  accountIdParam,
  accountList,
  accountResource,
  addAccountBody,
  addedAccountResource,
  changeAccountBody,
  merchantIdParam,
  resourceOfAccount,
  type AccountResource,
  type AddAccountBody,
  type ChangeAccountBody,
} from './merchant.resource.js';
import { MerchantStore } from './merchant.store.js';

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
    'credential_unknown',
    'credential_of_another_bank',
    'pago_movil_account_taken',
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
          receivesPagoMovil: body.receives_pago_movil ?? null,
          addedBy: acting.actor,
        },
        acting,
      ),
    );
    if (!created) void reply.code(200).header('idempotency-replayed', 'true');
    return this.addedAccount(receivingAccountId);
  }

  @Get(':accountId')
  @ApiOperation({ operationId: 'getReceivingAccount', summary: 'One account of a merchant' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'The account.',
    standardSchema: accountResource,
  })
  async get(
    @Param('merchantId', { schema: merchantIdParam }) merchantId: string,
    @Param('accountId', { schema: accountIdParam }) accountId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountResource> {
    const row = await this.store.findAccount(accountId);
    if (row === null || row.merchant_id !== merchantId) throw new ProblemError('not_found');
    void reply.header('etag', `"${row.version}"`);
    return resourceOfAccount(row);
  }

  @Patch(':accountId')
  @Refuses(
    'version_changed',
    'credential_unknown',
    'affiliate_differs',
    'pago_movil_account_taken',
    'pago_movil_day_out_of_range',
  )
  @ApiOperation({
    operationId: 'changeReceivingAccount',
    summary: 'Move an account to another credential, or Pago Móvil to it or away from it',
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag that was seen.' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'As it is now.',
    standardSchema: accountResource,
  })
  async change(
    @Param('merchantId', { schema: merchantIdParam }) merchantId: string,
    @Param('accountId', { schema: accountIdParam }) accountId: string,
    @Body({ schema: changeAccountBody }) body: ChangeAccountBody,
    @SeenVersion() version: number,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountResource> {
    const fields = {
      merchantId,
      receivingAccountId: accountId,
      version,
      reason: body.reason,
      credentialId: body.credential_id ?? null,
      receivesPagoMovil: body.receives_pago_movil ?? null,
      takesPagoMovilFrom: body.takes_pago_movil_from ?? null,
      pagoMovilOn: (body.pago_movil_on ?? null) as LocalDate | null,
    };
    const row = await this.commands.execute(new ChangeReceivingAccount(fields, acting));
    void reply.header('etag', `"${row.version}"`);
    return resourceOfAccount(row);
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
