import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { uuidFrom } from '../../kernel/ids.js';
import { IdempotencyKey } from '../../platform/http/idempotency/idempotency-key.decorator.js';
import { ActingAs } from '../acts/act-context.decorator.js';
import type { ActContext } from '../acts/security-acts.port.js';
import { Requires } from '../requires.decorator.js';
import {
  apiKeyResource,
  issuedApiKeyResource,
  resourceOfKey,
  type ApiKeyResource,
  type IssuedApiKeyResource,
} from './api-key.resource.js';
import {
  apiKeyIdParam,
  merchantIdParam,
  rotateApiKeyBody,
  type RotateApiKeyBody,
} from './api-keys.request.js';
import { RevokeApiKey } from './revoke-api-key.command.js';
import { RotateApiKey } from './rotate-api-key.command.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

const DEFAULT_OVERLAP_SECONDS = 86_400;

@ApiTags('api keys')
@Requires('admin')
@Refuses('not_found')
@Controller('merchants/:merchantId/api-keys/:apiKeyId')
export class EndApiKeyController {
  constructor(
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Post('revoke')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'revokeApiKey',
    summary: 'End a key for good, on every instance within a second',
  })
  @ApiResponse({ status: 200, description: 'It is revoked.', standardSchema: apiKeyResource })
  async revoke(
    @Param('merchantId', { schema: merchantIdParam }) merchantId: string,
    @Param('apiKeyId', { schema: apiKeyIdParam }) apiKeyId: string,
    @ActingAs() acting: ActContext,
  ): Promise<ApiKeyResource> {
    const row = await this.commands.execute(new RevokeApiKey({ merchantId, apiKeyId }, acting));
    return resourceOfKey(row, this.clock.now());
  }

  @Post('rotate')
  @HttpCode(201)
  @Refuses('key_not_active', 'key_rotated_already')
  @ApiOperation({
    operationId: 'rotateApiKey',
    summary: 'Issue a key in place of another, which goes on for the overlap',
  })
  @ApiResponse({
    status: 201,
    headers: sends('Location'),
    description: 'The new key.',
    standardSchema: issuedApiKeyResource,
  })
  @ApiResponse({
    status: 200,
    headers: sends('Location'),
    description: 'A repeat; Idempotency-Replayed is true and the key is not shown again.',
    standardSchema: issuedApiKeyResource,
  })
  async rotate(
    @Param('merchantId', { schema: merchantIdParam }) merchantId: string,
    @Param('apiKeyId', { schema: apiKeyIdParam }) apiKeyId: string,
    @Body({ schema: rotateApiKeyBody }) body: RotateApiKeyBody,
    @IdempotencyKey() idempotencyKey: string,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedApiKeyResource> {
    const { row, key } = await this.commands.execute(
      new RotateApiKey(
        {
          merchantId,
          apiKeyId,
          newApiKeyId: uuidFrom('rotated api key', apiKeyId, idempotencyKey),
          overlapSeconds: body?.overlap_seconds ?? DEFAULT_OVERLAP_SECONDS,
        },
        acting,
      ),
    );
    void reply.header('location', `/api/v1/merchants/${merchantId}/api-keys/${row.api_key_id}`);
    if (key === null) void reply.code(200).header('idempotency-replayed', 'true');
    return { ...resourceOfKey(row, this.clock.now()), key };
  }
}
