import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { traceIdOf } from '../../platform/http/trace-parent.js';
import type { ActContext } from './security-acts.port.js';

type KnownRequest = Pick<FastifyRequest, 'id' | 'ip' | 'headers'> & { caller?: { actor: string } };

/** Who acts, from where and within which request: `@ActingAs() acting: ActContext`. */
export const ActingAs = createParamDecorator(
  (_: unknown, context: ExecutionContext): ActContext => {
    const request = context.switchToHttp().getRequest<KnownRequest>();
    return {
      actor: request.caller?.actor ?? 'anonymous',
      address: request.ip,
      requestId: request.id,
      traceId: traceIdOf(request.headers.traceparent),
    };
  },
);
