import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { queuedTeller } from '../../platform/http/request-context.decorator.js';
import { traceIdOf } from '../../platform/http/trace-parent.js';
import type { ActContext } from './security-acts.port.js';

type KnownRequest = Pick<FastifyRequest, 'id' | 'ip' | 'headers'> & { caller?: { actor: string } };

/** Who acts, from where and within which request; the answer will name what was written down. */
export const actContextOf = (_: unknown, context: ExecutionContext): ActContext => {
  const request = context.switchToHttp().getRequest<KnownRequest>();
  return {
    actor: request.caller?.actor ?? 'anonymous',
    address: request.ip,
    requestId: request.id,
    traceId: traceIdOf(request.headers.traceparent),
    onQueued: queuedTeller(context.switchToHttp().getResponse<FastifyReply>()),
  };
};

/** `@ActingAs() acting: ActContext`. */
export const ActingAs = createParamDecorator(actContextOf);
