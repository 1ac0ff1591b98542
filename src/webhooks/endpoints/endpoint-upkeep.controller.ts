import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ActingAs } from '../../access/acts/act-context.decorator.js';
import type { ActContext } from '../../access/acts/security-acts.port.js';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { uuidFrom } from '../../kernel/ids.js';
import { IdempotencyKey } from '../../platform/http/idempotency/idempotency-key.decorator.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { Replays } from '../deliveries/replays.js';
import {
  deliveryResource,
  resourceOfDelivery,
  type DeliveryResource,
} from '../deliveries/webhook-delivery.resource.js';
import { EndpointAdministration } from './endpoint-administration.js';
import { scopeOf } from './endpoint-scope.js';
import {
  createdEndpointResource,
  endpointIdParam,
  overlapOf,
  resourceOfEndpoint,
  rotateSecretBody,
  type CreatedEndpointResource,
} from './webhook-endpoint.resource.js';

@ApiTags('webhooks')
@Requires('webhooks:manage')
@Refuses('not_found')
@Controller('webhook-endpoints/:endpointId')
export class EndpointUpkeepController {
  constructor(
    private readonly administration: EndpointAdministration,
    private readonly replays: Replays,
  ) {}

  @Post('rotate-secret')
  @HttpCode(201)
  @ApiOperation({
    operationId: 'rotateWebhookSecret',
    summary: 'Sign with a new secret; the one before signs too for the overlap',
  })
  @ApiResponse({
    status: 201,
    description: 'The endpoint and its new secret.',
    standardSchema: createdEndpointResource,
  })
  @ApiResponse({
    status: 200,
    description: 'A repeat; Idempotency-Replayed is true and the secret is not shown again.',
    standardSchema: createdEndpointResource,
  })
  async rotate(
    @Param('endpointId', { schema: endpointIdParam }) endpointId: string,
    @Body({ schema: rotateSecretBody }) body: z.output<typeof rotateSecretBody>,
    @IdempotencyKey() idempotencyKey: string,
    @Caller() caller: CallerIdentity,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedEndpointResource> {
    const secretId = uuidFrom('webhook secret', endpointId, acting.actor, idempotencyKey);
    const { row, secret } = await this.administration.rotate(
      scopeOf(caller),
      { endpointId, secretId, overlapSeconds: overlapOf(body) },
      acting,
    );
    if (secret === null) void reply.code(200).header('idempotency-replayed', 'true');
    const shown = await this.administration.secrets.shown([endpointId]);
    return { ...resourceOfEndpoint(row, shown.get(endpointId)), secret };
  }

  @Post('test')
  @HttpCode(202)
  @Refuses('endpoint_not_enabled')
  @ApiOperation({
    operationId: 'testWebhookEndpoint',
    summary: 'Send a message of type webhook_endpoint.test',
  })
  @ApiResponse({
    status: 202,
    headers: sends('Location'),
    description: 'It is on its way; the delivery says what comes of it.',
    standardSchema: deliveryResource,
  })
  @ApiResponse({
    status: 200,
    headers: sends('Location'),
    description: 'A repeat; Idempotency-Replayed is true and nothing more is sent.',
    standardSchema: deliveryResource,
  })
  async test(
    @Param('endpointId', { schema: endpointIdParam }) endpointId: string,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @Caller() caller: CallerIdentity,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeliveryResource> {
    const testId = uuidFrom('webhook test', endpointId, acting.actor, idempotencyKey);
    const scope = scopeOf(caller);
    if (!replayed) await this.replays.test(scope, { endpointId, testId }, acting);
    const row = await this.replays.foundTest(scope, endpointId, testId);
    void reply.header('location', `/api/v1/webhook-deliveries/${row.delivery_id}`);
    return resourceOfDelivery(row);
  }
}
