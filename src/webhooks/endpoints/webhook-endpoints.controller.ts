import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ActingAs } from '../../access/acts/act-context.decorator.js';
import type { ActContext } from '../../access/acts/security-acts.port.js';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { uuidFrom } from '../../kernel/ids.js';
import { IdempotencyKey } from '../../platform/http/idempotency/idempotency-key.decorator.js';
import { SeenVersion } from '../../platform/http/if-match.decorator.js';
import { nextAddress } from '../../platform/http/next-address.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { ProblemError } from '../../platform/http/problem.js';
import { ReadsTruth } from '../../platform/http/reads-model.decorator.js';
import { EndpointAdministration } from './endpoint-administration.js';
import { ownerOf, scopeOf } from './endpoint-scope.js';
import type { EndpointChanges } from './webhook-endpoint.store.js';
import type { WebhookEndpointRow } from './webhook-endpoint.table.js';
import {
  changeEndpointBody,
  createdEndpointResource,
  createEndpointBody,
  endpointIdParam,
  endpointPage,
  endpointResource,
  merchantIdOf,
  resourceOfEndpoint,
  type ChangeEndpointBody,
  type CreatedEndpointResource,
  type CreateEndpointBody,
  type EndpointResource,
} from './webhook-endpoint.resource.js';

const PAGE = 100;

const listEndpointsQuery = z.strictObject({
  merchant_id: merchantIdOf.optional(),
  cursor: z.guid('must be a cursor of this list').optional(),
});

@ApiTags('webhooks')
@Requires('webhooks:manage')
@Controller('webhook-endpoints')
export class WebhookEndpointsController {
  constructor(private readonly administration: EndpointAdministration) {}

  @Get()
  @ReadsTruth()
  @ApiOperation({
    operationId: 'listWebhookEndpoints',
    summary: 'Where messages are sent to, a hundred endpoints at a time',
  })
  @ApiResponse({
    status: 200,
    headers: sends('Link'),
    description: 'Link names the next page.',
    standardSchema: endpointPage,
  })
  async list(
    @Query({ schema: listEndpointsQuery }) query: z.output<typeof listEndpointsQuery>,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof endpointPage>> {
    const { cursor, merchant_id: merchantId } = query;
    const rows = await this.administration.store.list(scopeOf(caller), {
      ...(merchantId === undefined ? {} : { merchantId }),
      after: cursor ?? null,
      limit: PAGE + 1,
    });
    const shown = rows.slice(0, PAGE);
    const next = rows.length > PAGE ? (shown.at(-1)?.endpoint_id ?? null) : null;
    if (next !== null) {
      void reply.header('link', `<${nextAddress(request.url, next)}>; rel="next"`);
    }
    const data = await this.resourcesOf(shown);
    return { data, has_more: next !== null, next_cursor: next };
  }

  @Get(':endpointId')
  @Refuses('not_found')
  @ApiOperation({ operationId: 'getWebhookEndpoint', summary: 'One endpoint' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'The endpoint.',
    standardSchema: endpointResource,
  })
  async get(
    @Param('endpointId', { schema: endpointIdParam }) endpointId: string,
    @Caller() caller: CallerIdentity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndpointResource> {
    const row = await this.administration.store.find(scopeOf(caller), endpointId);
    if (row === null) throw new ProblemError('not_found');
    return this.answer(row, reply);
  }

  @Post()
  @HttpCode(201)
  @Refuses('endpoint_address_refused', 'too_many_endpoints', 'unknown_merchant')
  @ApiOperation({
    operationId: 'createWebhookEndpoint',
    summary: 'Have messages sent to an address; the secret is shown this once',
  })
  @ApiResponse({
    status: 201,
    headers: sends('Location', 'ETag'),
    description: 'Made.',
    standardSchema: createdEndpointResource,
  })
  @ApiResponse({
    status: 200,
    headers: sends('Location', 'ETag'),
    description: 'A repeat; Idempotency-Replayed is true and the secret is not shown again.',
    standardSchema: createdEndpointResource,
  })
  async create(
    @Body({ schema: createEndpointBody }) body: CreateEndpointBody,
    @IdempotencyKey() idempotencyKey: string,
    @Caller() caller: CallerIdentity,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedEndpointResource> {
    const { merchantId, mode } = ownerOf(body, caller);
    const endpointId = uuidFrom('webhook endpoint', acting.actor, idempotencyKey);
    const { row, secret } = await this.administration.create(
      {
        endpointId,
        merchantId,
        mode,
        url: body.url,
        description: body.description ?? null,
        eventTypes: body.event_types ?? null,
        keyPair: body.asymmetric,
      },
      acting,
    );
    void reply.header('location', `/api/v1/webhook-endpoints/${endpointId}`);
    if (secret === null) void reply.code(200).header('idempotency-replayed', 'true');
    return { ...(await this.answer(row, reply)), secret };
  }

  @Patch(':endpointId')
  @Refuses('not_found', 'version_changed', 'endpoint_address_refused')
  @ApiOperation({
    operationId: 'changeWebhookEndpoint',
    summary: 'Change the address or the types, pause it, or enable it again',
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag that was seen.' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'As it is now.',
    standardSchema: endpointResource,
  })
  async change(
    @Param('endpointId', { schema: endpointIdParam }) endpointId: string,
    @Body({ schema: changeEndpointBody }) body: ChangeEndpointBody,
    @SeenVersion() version: number,
    @Caller() caller: CallerIdentity,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndpointResource> {
    const fields = { endpointId, version, changes: changesOf(body) };
    return this.answer(await this.administration.change(scopeOf(caller), fields, acting), reply);
  }

  @Delete(':endpointId')
  @HttpCode(204)
  @Refuses('not_found')
  @ApiOperation({
    operationId: 'deleteWebhookEndpoint',
    summary: 'Delete an endpoint and everything that was on its way to it',
  })
  @ApiResponse({ status: 204, description: 'It is deleted.' })
  async delete(
    @Param('endpointId', { schema: endpointIdParam }) endpointId: string,
    @Caller() caller: CallerIdentity,
    @ActingAs() acting: ActContext,
  ): Promise<void> {
    await this.administration.delete(scopeOf(caller), endpointId, acting);
  }

  private async answer(row: WebhookEndpointRow, reply: FastifyReply): Promise<EndpointResource> {
    void reply.header('etag', `"${row.version}"`);
    const secrets = await this.administration.secrets.shown([row.endpoint_id]);
    return resourceOfEndpoint(row, secrets.get(row.endpoint_id));
  }

  private async resourcesOf(rows: readonly WebhookEndpointRow[]): Promise<EndpointResource[]> {
    const secrets = await this.administration.secrets.shown(
      rows.map(({ endpoint_id: endpointId }) => endpointId),
    );
    return rows.map((row) => resourceOfEndpoint(row, secrets.get(row.endpoint_id)));
  }
}

const changesOf = ({ url, description, event_types, enabled }: ChangeEndpointBody) =>
  ({
    ...(url === undefined ? {} : { url }),
    ...(description === undefined ? {} : { description }),
    ...(event_types === undefined ? {} : { event_types }),
    ...(enabled === undefined
      ? {}
      : { state: enabled ? 'enabled' : 'paused', disabled_because: null }),
  }) satisfies EndpointChanges;
