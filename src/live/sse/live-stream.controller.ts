import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, type CallerIdentity } from '../../access/caller.decorator.js';
import { Requires } from '../../access/requires.decorator.js';
import { EVENT_STREAM } from '../../platform/http/event-stream.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { ProblemError } from '../../platform/http/problem.js';
import { LiveOpening, RETRY_MS } from '../live-opening.js';
import { LiveTerms } from '../live-terms.js';
import { filterOf, liveQuery, placeOf, type LiveQuery } from '../live.request.js';
import { STREAM_DESCRIPTION, STREAM_EXAMPLES } from './live-stream.description.js';
import { StreamConnection } from './stream-connection.js';

const LAST_EVENT_ID = 'last-event-id';

@ApiTags('live updates')
@Controller('stream')
export class LiveStreamController {
  constructor(
    private readonly opening: LiveOpening,
    private readonly terms: LiveTerms,
  ) {}

  @Get()
  @Requires('transactions:read')
  @Refuses(
    'too_many_live_connections',
    'live_connections_exhausted',
    'merchant_suspended',
    'event_store_unavailable',
    'invalid_input',
  )
  @ApiOperation({
    operationId: 'followTransactions',
    summary: 'What happens, as it happens (server-sent events)',
    description: STREAM_DESCRIPTION,
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event that was read: what came after it is sent first.',
  })
  @ApiResponse({
    status: 200,
    description: 'Events without end.',
    content: {
      [EVENT_STREAM]: { schema: { type: 'string' }, examples: STREAM_EXAMPLES },
    },
  })
  async open(
    @Query({ schema: liveQuery }) query: LiveQuery,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = placeAfter(request.headers[LAST_EVENT_ID]) ?? query.last_event_id ?? null;
    const place = await this.opening.take(caller, after);
    const connection = new StreamConnection({
      caller,
      filter: filterOf(query),
      from: place.from,
      mostBytes: this.terms.mostBytes,
      onSent: () => this.terms.metrics.liveMessages.inc({ kind: 'stream' }),
    });
    connection.body.once('close', () => {
      place.leave();
      this.opening.left(connection);
    });
    connection.open(place.welcome, RETRY_MS);
    void reply
      .type(EVENT_STREAM)
      .header('cache-control', 'no-store, no-transform')
      // nginx would collect what is meant to arrive at once.
      .header('x-accel-buffering', 'no')
      .send(connection.body);
    // Who asks for the headers alone has them.
    if (request.method === 'HEAD') connection.body.destroy();
    else await this.opening.begin(connection, after);
  }
}

/** @throws ProblemError for an id that is none of ours */
function placeAfter(header: string | string[] | undefined): bigint | null {
  if (header === undefined || header === '') return null;
  const place = typeof header === 'string' ? placeOf(header) : null;
  if (place !== null) return place;
  throw new ProblemError('invalid_input', {
    errors: [{ in: 'header', pointer: `/${LAST_EVENT_ID}`, reason: 'must be the id of an event' }],
  });
}
