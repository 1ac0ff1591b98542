import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { StaffCaller } from '../../access/staff-caller.decorator.js';
import { assert } from '../../kernel/assert.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import { bodyDocument } from '../../platform/http/body-document.js';
import { IdempotencyKey } from '../../platform/http/idempotency/idempotency-key.decorator.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { SeenVersionIfAny } from '../../platform/http/if-match.decorator.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { RequestContext } from '../../platform/http/request-context.decorator.js';
import { GetDayCloses } from '../get-day-close/get-day-close.query.js';
import { CloseDay } from './close-day.command.js';
import { closeDayBody, closeDayExample, type CloseDayBody } from './close-day.request.js';
import { dayCloseResource, resourceOfClose, type DayCloseResource } from './day-close.resource.js';

@ApiTags('finance')
@Controller('finance/day-close')
export class CloseDayController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @HttpCode(201)
  @Requires('finance:close')
  @Refuses(
    'receiving_account_unknown',
    'day_not_over',
    'day_already_closed',
    'version_changed',
    'coverage_incomplete',
    'closed_too_often',
    'concurrent_change',
    'as_of_not_reached',
    'event_store_unavailable',
  )
  @ApiOperation({
    operationId: 'closeDay',
    summary: "Close an account's day on the figures of now, or correct its last close",
  })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag of what was seen; required where the day is closed already.',
  })
  @ApiBody(bodyDocument(closeDayBody, closeDayExample))
  @ApiResponse({
    status: 201,
    headers: sends('ETag', 'Location'),
    description: 'Closed. What comes later changes nothing of it.',
    standardSchema: dayCloseResource,
  })
  @ApiResponse({
    status: 200,
    headers: sends('ETag', 'Location'),
    description: 'The last close of the day; Idempotency-Replayed is true.',
    standardSchema: dayCloseResource,
  })
  async close(
    @Body({ schema: closeDayBody }) body: CloseDayBody,
    @SeenVersionIfAny() seenVersion: number | null,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @StaffCaller() caller: CallerIdentity,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DayCloseResource> {
    const { receiving_account_id: receivingAccountId, day } = body;
    const closed = replayed
      ? { close: await this.latest(receivingAccountId, day, caller), replayed }
      : await this.commands.execute(
          new CloseDay(
            {
              caller,
              receivingAccountId,
              day,
              reason: body.reason,
              acceptIncomplete: body.accept_incomplete,
              seenVersion,
              idempotencyKey,
            },
            context,
          ),
        );
    const { version } = closed.close;
    void reply
      .header('etag', `"${version}"`)
      .header('location', `/api/v1/finance/day-close/${receivingAccountId}/${day}/${version}`);
    // Past the time for which keys are remembered, the log itself still knows a repeat.
    if (closed.replayed) void reply.code(200).header('idempotency-replayed', 'true');
    return resourceOfClose(closed.close);
  }

  private async latest(receivingAccountId: string, day: string, caller: CallerIdentity) {
    const { closes } = await this.queries.execute(
      new GetDayCloses(receivingAccountId, day, caller),
    );
    const close = closes.at(-1);
    assert(close !== undefined, 'what was closed is there');
    return close;
  }
}
