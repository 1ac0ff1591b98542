import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { ServerConfig } from '../server.config.js';
import { DEPRECATION, type Deprecation } from './deprecation.js';
import { deprecationHeaders, isUsed } from './deprecation-headers.js';

/** Tells callers of what will go that it will, whatever else they are answered. */
@Injectable()
export class DeprecationInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly config: ServerConfig,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const deprecation = this.reflector.get<Deprecation | undefined>(
      DEPRECATION,
      context.getHandler(),
    );
    const http = context.switchToHttp();
    if (deprecation !== undefined && isUsed(deprecation, http.getRequest<FastifyRequest>().body)) {
      const headers = deprecationHeaders(deprecation, `${this.config.publicUrl}/docs`);
      void http.getResponse<FastifyReply>().headers(headers);
    }
    return next.handle();
  }
}
