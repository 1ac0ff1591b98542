import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { CommandContext } from '../event-store/command-runner.js';
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

/** The context of a command that a route sends: `@RequestContext() context: CommandContext`. */
export const RequestContext = createParamDecorator(
  (_: unknown, context: ExecutionContext): CommandContext =>
    commandContextOf(context.switchToHttp().getRequest<KnownRequest>()),
);
