import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ActingAs } from '../access/acts/act-context.decorator.js';
import type { ActContext } from '../access/acts/security-acts.port.js';
import { Requires } from '../access/requires.decorator.js';
import { uuidFrom } from '../kernel/ids.js';
import { IdempotencyKey } from '../platform/http/idempotency/idempotency-key.decorator.js';
import { Replayed } from '../platform/http/idempotency/replayed.decorator.js';
import { SeenVersion } from '../platform/http/if-match.decorator.js';
import { nextAddress } from '../platform/http/next-address.js';
import { ReadsTruth } from '../platform/http/reads-model.decorator.js';
import { ProblemError } from '../platform/http/problem.js';
import { ChangeMerchant } from './change-merchant/change-merchant.command.js';
import {
  changeMerchantBody,
  merchantIdParam,
  merchantPage,
  merchantResource,
  registerMerchantBody,
  resourceOfMerchant,
  type ChangeMerchantBody,
  type MerchantResource,
  type RegisterMerchantBody,
} from './merchant.resource.js';
import { MerchantStore } from './merchant.store.js';
import { RegisterMerchant } from './register-merchant/register-merchant.command.js';
import { sends } from '../platform/http/openapi/described-headers.js';
import { Refuses } from '../platform/http/openapi/refuses.decorator.js';

const PAGE = 100;

const listMerchantsQuery = z.strictObject({
  cursor: z.guid('must be a cursor of this list').optional(),
});

@ApiTags('merchants')
@Requires('admin')
@Controller('merchants')
export class MerchantsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly store: MerchantStore,
  ) {}

  @Get()
  @ReadsTruth()
  @ApiOperation({ operationId: 'listMerchants', summary: 'Merchants, a hundred at a time' })
  @ApiResponse({
    status: 200,
    headers: sends('Link'),
    description: 'Link names the next page.',
    standardSchema: merchantPage,
  })
  async list(
    @Query({ schema: listMerchantsQuery }) { cursor }: z.output<typeof listMerchantsQuery>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof merchantPage>> {
    const rows = await this.store.listMerchants(cursor ?? null, PAGE + 1);
    const shown = rows.slice(0, PAGE);
    const next = rows.length > PAGE ? (shown.at(-1)?.merchant_id ?? null) : null;
    if (next !== null) {
      void reply.header('link', `<${nextAddress(request.url, next)}>; rel="next"`);
    }
    return { data: shown.map(resourceOfMerchant), has_more: next !== null, next_cursor: next };
  }

  @Get(':merchantId')
  @Refuses('not_found')
  @ApiOperation({ operationId: 'getMerchant', summary: 'One merchant' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'The merchant.',
    standardSchema: merchantResource,
  })
  async get(
    @Param('merchantId', { schema: merchantIdParam }) merchantId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MerchantResource> {
    const row = await this.store.findMerchant(merchantId);
    if (row === null) throw new ProblemError('not_found');
    void reply.header('etag', `"${row.version}"`);
    return resourceOfMerchant(row);
  }

  @Post()
  @HttpCode(201)
  @Refuses('merchant_id_taken', 'tolerance_negative', 'match_days_out_of_range')
  @ApiOperation({ operationId: 'registerMerchant', summary: 'Register a merchant' })
  @ApiResponse({
    status: 201,
    headers: sends('Location', 'ETag'),
    description: 'Registered.',
    standardSchema: merchantResource,
  })
  @ApiResponse({
    status: 200,
    headers: sends('Location', 'ETag'),
    description: 'A repeat; Idempotency-Replayed is true.',
    standardSchema: merchantResource,
  })
  async register(
    @Body({ schema: registerMerchantBody }) body: RegisterMerchantBody,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MerchantResource> {
    const merchantId = uuidFrom('merchant', acting.actor, idempotencyKey);
    void reply.header('location', `/api/v1/merchants/${merchantId}`);
    if (replayed) return this.get(merchantId, reply);
    const { created } = await this.commands.execute(
      new RegisterMerchant(
        {
          merchantId,
          name: body.name,
          toleranceUnderMinor: BigInt(body.tolerance.under),
          toleranceOverMinor: BigInt(body.tolerance.over),
          matchDays: body.match_days,
          contactEmail: body.contact_email,
          registeredBy: acting.actor,
        },
        acting,
      ),
    );
    if (!created) void reply.code(200).header('idempotency-replayed', 'true');
    return this.get(merchantId, reply);
  }

  @Patch(':merchantId')
  @Refuses('not_found', 'version_changed', 'tolerance_negative', 'match_days_out_of_range')
  @ApiOperation({
    operationId: 'changeMerchant',
    summary: 'Change tolerance, days of matching, name, contact or suspension',
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag that was seen.' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'As it is now.',
    standardSchema: merchantResource,
  })
  async change(
    @Param('merchantId', { schema: merchantIdParam }) merchantId: string,
    @Body({ schema: changeMerchantBody }) body: ChangeMerchantBody,
    @SeenVersion() version: number,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MerchantResource> {
    const { name, suspended, tolerance, match_days: matchDays } = body;
    const { contact_email: contactEmail } = body;
    const changes = {
      ...(name === undefined ? {} : { name }),
      ...(suspended === undefined ? {} : { suspended }),
      ...(matchDays === undefined ? {} : { matchDays }),
      ...(contactEmail === undefined ? {} : { contactEmail }),
      ...(tolerance === undefined
        ? {}
        : {
            toleranceUnderMinor: BigInt(tolerance.under),
            toleranceOverMinor: BigInt(tolerance.over),
          }),
    };
    const row = await this.commands.execute(
      new ChangeMerchant({ merchantId, version, changes }, acting),
    );
    void reply.header('etag', `"${row.version}"`);
    return resourceOfMerchant(row);
  }
}
