import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ActingAs } from '../../access/acts/act-context.decorator.js';
import type { ActContext } from '../../access/acts/security-acts.port.js';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { nextAddress } from '../../platform/http/next-address.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { ReadsModel } from '../../platform/http/reads-model.decorator.js';
import { scopeOf } from '../endpoints/endpoint-scope.js';
import { ListDeliveries } from './list-deliveries.query.js';
import { Replays } from './replays.js';
import {
  deliveryDetail,
  deliveryIdParam,
  deliveryPage,
  deliveryResource,
  detailOfDelivery,
  listDeliveriesQuery,
  replayedResource,
  replayRangeBody,
  resourceOfDelivery,
  type DeliveryDetail,
  type DeliveryResource,
  type ListDeliveriesQuery,
  type ReplayRangeBody,
} from './webhook-delivery.resource.js';

@ApiTags('webhooks')
@Requires('webhooks:manage')
@Controller('webhook-deliveries')
export class WebhookDeliveriesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly replays: Replays,
  ) {}

  @Get()
  @ReadsModel('webhook-outbox')
  @ApiOperation({
    operationId: 'listWebhookDeliveries',
    summary: 'What was sent, or is to be sent, newest first',
  })
  @ApiResponse({
    status: 200,
    headers: sends('Link'),
    description: 'One page; Link names the next one. The list follows the log within moments.',
    standardSchema: deliveryPage,
  })
  async list(
    @Query({ schema: listDeliveriesQuery }) page: ListDeliveriesQuery,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof deliveryPage>> {
    const { rows, nextCursor } = await this.queries.execute(new ListDeliveries(page, caller));
    if (nextCursor !== null) {
      void reply.header('link', `<${nextAddress(request.url, nextCursor)}>; rel="next"`);
    }
    return {
      data: rows.map(resourceOfDelivery),
      has_more: nextCursor !== null,
      next_cursor: nextCursor,
    };
  }

  @Get(':deliveryId')
  @Refuses('not_found')
  @ApiOperation({
    operationId: 'getWebhookDelivery',
    summary: 'One delivery with its message and every try',
  })
  @ApiResponse({ status: 200, description: 'The delivery.', standardSchema: deliveryDetail })
  async get(
    @Param('deliveryId', { schema: deliveryIdParam }) deliveryId: string,
    @Caller() caller: CallerIdentity,
  ): Promise<DeliveryDetail> {
    const row = await this.replays.found(scopeOf(caller), deliveryId);
    const { deliveries } = this.replays;
    const [body, attempts] = await Promise.all([
      deliveries.bodyOf(row.message_id),
      deliveries.attemptsOf(deliveryId),
    ]);
    return detailOfDelivery(row, { body, attempts });
  }

  @Post(':deliveryId/replay')
  @HttpCode(202)
  @Refuses('not_found', 'endpoint_not_enabled')
  @ApiOperation({
    operationId: 'replayWebhookDelivery',
    summary: 'Send a message again, now, under the same id',
  })
  @ApiResponse({ status: 202, description: 'It is due.', standardSchema: deliveryResource })
  @ApiResponse({
    status: 200,
    description: 'A repeat; Idempotency-Replayed is true and nothing more is sent.',
    standardSchema: deliveryResource,
  })
  async replay(
    @Param('deliveryId', { schema: deliveryIdParam }) deliveryId: string,
    @Replayed() replayed: boolean,
    @Caller() caller: CallerIdentity,
    @ActingAs() acting: ActContext,
  ): Promise<DeliveryResource> {
    if (!replayed) await this.replays.one(scopeOf(caller), deliveryId, acting);
    return resourceOfDelivery(await this.replays.found(scopeOf(caller), deliveryId));
  }

  @Post('replay')
  @HttpCode(202)
  @Refuses('not_found', 'endpoint_not_enabled')
  @ApiOperation({
    operationId: 'replayWebhookDeliveries',
    summary: 'Send again what an endpoint was sent since an instant, at most a thousand at once',
  })
  @ApiResponse({ status: 202, description: 'They are due.', standardSchema: replayedResource })
  @ApiResponse({
    status: 200,
    description: 'A repeat; Idempotency-Replayed is true and nothing more is sent.',
    standardSchema: replayedResource,
  })
  async replayRange(
    @Body({ schema: replayRangeBody }) body: ReplayRangeBody,
    @Replayed() replayed: boolean,
    @Caller() caller: CallerIdentity,
    @ActingAs() acting: ActContext,
  ): Promise<z.output<typeof replayedResource>> {
    if (replayed) return { replayed: 0, next_after: null };
    const { endpoint_id: endpointId, since, until, after } = body;
    const range = { endpointId, since, until: until ?? null, after: after ?? null };
    const done = await this.replays.range(scopeOf(caller), range, acting);
    return { replayed: done.replayed, next_after: done.last };
  }
}
