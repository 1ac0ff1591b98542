import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CommandContext } from '../event-store/command-runner.js';
import type { Written } from '../projections/read-model-progress.js';
import { POSITION_TOKEN_HEADER, writePositionToken } from './position-token.js';
import { traceIdOf } from './trace-parent.js';

/** A request once the guard has let its caller in; open routes have none. */
type KnownRequest = Pick<FastifyRequest, 'id' | 'headers'> & { caller?: { actor: string } };

/** Who asks and within which request, as a command needs it. */
export function commandContextOf(request: KnownRequest): CommandContext {
  const requestId = request.id;
  return {
    actor: request.caller?.actor ?? 'anonymous',
    requestId,
    // A request begins its own chain: what follows from it carries its id as the correlation.
    correlationId: requestId,
    causationId: requestId,
    traceId: traceIdOf(request.headers.traceparent),
  };
}

/** The context of a command that a route sends; the answer will name how far the log went with it. */
export const answeredContextOf = (_: unknown, context: ExecutionContext): CommandContext => {
  const http = context.switchToHttp();
  return {
    ...commandContextOf(http.getRequest<KnownRequest>()),
    onPosition: positionTeller(http.getResponse<FastifyReply>()),
  };
};

/** `@RequestContext() context: CommandContext`. */
export const RequestContext = createParamDecorator(answeredContextOf);

/** Puts the furthest position that the request's commands name into the answer, as a token for reading after it. */
export const positionTeller = (reply: Answering): ((position: bigint) => void) =>
  teller(reply, (position) => ({ position }));

/** The same of what has yet to reach the log. */
export const queuedTeller = (reply: Answering): ((id: bigint) => void) =>
  teller(reply, (queued) => ({ queued }));

type Answering = Pick<FastifyReply, 'header'>;

function teller(reply: Answering, written: (furthest: bigint) => Written): (at: bigint) => void {
  let furthest = -1n;
  return (at) => {
    if (at <= furthest) return;
    furthest = at;
    void reply.header(POSITION_TOKEN_HEADER, writePositionToken(written(at)));
  };
}
