import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { uuidFrom } from '../../kernel/ids.js';
import { IdempotencyKey } from '../../platform/http/idempotency/idempotency-key.decorator.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { ProblemError } from '../../platform/http/problem.js';
import { ReadsTruth } from '../../platform/http/reads-model.decorator.js';
import { ActingAs } from '../acts/act-context.decorator.js';
import type { ActContext } from '../acts/security-acts.port.js';
import { Requires } from '../requires.decorator.js';
import {
  apiKeyList,
  apiKeyResource,
  issuedApiKeyResource,
  resourceOfKey,
  type ApiKeyResource,
  type IssuedApiKeyResource,
} from './api-key.resource.js';
import { ApiKeyStore } from './api-key.store.js';
import type { ApiKeyRow } from './api-key.table.js';
import {
  apiKeyIdParam,
  issueApiKeyBody,
  merchantIdParam,
  type IssueApiKeyBody,
} from './api-keys.request.js';
import { IssueApiKey } from './issue-api-key.command.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

const REPLAYED = 'A repeat; Idempotency-Replayed is true and the key is not shown again.';

@ApiTags('api keys')
@Requires('admin')
@Refuses('not_found')
@Controller('merchants/:merchantId/api-keys')
export class ApiKeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly store: ApiKeyStore,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ReadsTruth()
  @ApiOperation({ operationId: 'listApiKeys', summary: 'Every key of a merchant, newest first' })
  @ApiResponse({ status: 200, description: 'The keys.', standardSchema: apiKeyList })
  async list(
    @Param('merchantId', { schema: merchantIdParam }) merchantId: string,
  ): Promise<{ data: ApiKeyResource[] }> {
    if (!(await this.store.merchantExists(merchantId))) throw new ProblemError('not_found');
    const now = this.clock.now();
    return { data: (await this.store.list(merchantId)).map((row) => resourceOfKey(row, now)) };
  }

  @Get(':apiKeyId')
  @ApiOperation({ operationId: 'getApiKey', summary: 'One key of a merchant' })
  @ApiResponse({ status: 200, description: 'The key.', standardSchema: apiKeyResource })
  async get(
    @Param('merchantId', { schema: merchantIdParam }) merchantId: string,
    @Param('apiKeyId', { schema: apiKeyIdParam }) apiKeyId: string,
  ): Promise<ApiKeyResource> {
    const row = await this.store.find(merchantId, apiKeyId);
    if (row === null) throw new ProblemError('not_found');
    return resourceOfKey(row, this.clock.now());
  }

  @Post()
  @HttpCode(201)
  @Refuses('expiry_in_the_past', 'no_permissions', 'permission_not_for_keys', 'unknown_merchant')
  @ApiOperation({ operationId: 'issueApiKey', summary: 'Issue a key to a merchant' })
  @ApiResponse({
    status: 201,
    headers: sends('Location'),
    description: 'Issued.',
    standardSchema: issuedApiKeyResource,
  })
  @ApiResponse({
    status: 200,
    headers: sends('Location'),
    description: REPLAYED,
    standardSchema: issuedApiKeyResource,
  })
  async issue(
    @Param('merchantId', { schema: merchantIdParam }) merchantId: string,
    @Body({ schema: issueApiKeyBody }) body: IssueApiKeyBody,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedApiKeyResource> {
    if (!(await this.store.merchantExists(merchantId))) throw new ProblemError('not_found');
    const apiKeyId = uuidFrom('api key', acting.actor, merchantId, idempotencyKey);
    void reply.header('location', `/api/v1/merchants/${merchantId}/api-keys/${apiKeyId}`);
    const known = await this.store.find(merchantId, apiKeyId);
    const issued =
      known === null && !replayed
        ? await this.commands.execute(
            new IssueApiKey(
              {
                merchantId,
                apiKeyId,
                name: body.name,
                mode: body.mode,
                permissions: body.permissions,
                expiresAt: body.expires_at == null ? null : new Date(body.expires_at),
                issuedBy: acting.actor,
              },
              acting,
            ),
          )
        : null;
    // The key of a request that was cut off is there, and nobody ever saw it.
    if (known !== null) {
      if (!isSame(known, body)) throw new ProblemError('idempotency_key_reused');
      void reply.code(200).header('idempotency-replayed', 'true');
    }
    const row = known ?? (await this.store.find(merchantId, apiKeyId));
    if (row === null) throw new ProblemError('not_found');
    return { ...resourceOfKey(row, this.clock.now()), key: issued?.key ?? null };
  }
}

/** Whether the key that an earlier request made is what this one asks for; its expiry may have moved since. */
const isSame = (row: ApiKeyRow, body: IssueApiKeyBody): boolean =>
  row.name === body.name &&
  row.mode === body.mode &&
  [...new Set(body.permissions)].sort().join() === row.permissions.toSorted().join();
