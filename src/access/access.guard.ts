import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { RolesConfig } from '../platform/config/config.schema.js';
import { OPEN_TO_ALL } from '../platform/http/open-to-all.decorator.js';
import { ProblemError } from '../platform/http/problem.js';
import { CallerIdentification } from './caller-identification.js';
import type { CallerIdentity } from './caller.decorator.js';
import { CallerLimits } from './limits/caller-limits.js';
import { LIMITED_BY } from './limits/limited-by.decorator.js';
import type { LimitPolicy } from './limits/limits.config.js';
import { REQUIRED_PERMISSION, type Permission } from './requires.decorator.js';
import { refusalOf } from './standing/refusal-of.js';

interface GuardedRequest {
  readonly headers: { readonly authorization?: string };
  readonly ip: string;
  caller?: CallerIdentity;
}

interface RouteAccess {
  readonly permission: 'open' | 'closed' | Permission;
  /** What an open route counts its callers by; null: it counts none. */
  readonly policy: LimitPolicy | null;
}

/** Stands before every route. What a route does not open is closed: without a declaration nobody passes. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly accessByHandler = new WeakMap<object, RouteAccess>();
  private readonly servesApi: boolean;

  constructor(
    private readonly reflector: Reflector,
    private readonly callers: CallerIdentification,
    private readonly limits: CallerLimits,
    roles: RolesConfig,
  ) {
    this.servesApi = roles.roles.includes('api');
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { permission, policy } = this.accessOf(context);
    const http = context.switchToHttp();
    const request = http.getRequest<GuardedRequest>();
    if (permission === 'open') {
      if (policy !== null) await this.limits.countNetwork(policy, request.ip, http.getResponse());
      return true;
    }
    if (!this.servesApi) throw new ProblemError('not_served_here');
    const reply = http.getResponse<FastifyReply>();
    const caller = await this.identify(request, reply);
    // Before it is judged: who is refused is named in the audit.
    request.caller = caller;
    this.limits.countCaller(caller.actor, reply);
    if (permission === 'closed' || !caller.permissions.has(permission)) throw refusalOf(caller);
    return true;
  }

  /** Who fails to prove itself is counted by its network, so that nobody can try keys without end. */
  private async identify(
    { headers, ip }: GuardedRequest,
    reply: FastifyReply,
  ): Promise<CallerIdentity> {
    try {
      return await this.callers.identify(headers.authorization);
    } catch (error) {
      if (error instanceof ProblemError) this.limits.countStranger(ip, reply);
      throw error;
    }
  }

  private accessOf(context: ExecutionContext): RouteAccess {
    const handler = context.getHandler();
    const seen = this.accessByHandler.get(handler);
    if (seen !== undefined) return seen;
    const targets = [handler, context.getClass()];
    const { reflector } = this;
    const open = reflector.getAllAndOverride<boolean | undefined>(OPEN_TO_ALL, targets);
    const required = reflector.getAllAndOverride<Permission | undefined>(
      REQUIRED_PERMISSION,
      targets,
    );
    const policy = reflector.getAllAndOverride<LimitPolicy | undefined>(LIMITED_BY, targets);
    const access: RouteAccess = {
      permission: required ?? (open === true ? 'open' : 'closed'),
      policy: policy ?? null,
    };
    this.accessByHandler.set(handler, access);
    return access;
  }
}
