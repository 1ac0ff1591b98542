import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RolesConfig } from '../platform/config/config.schema.js';
import { OPEN_TO_ALL } from '../platform/http/open-to-all.decorator.js';
import { ProblemError } from '../platform/http/problem.js';
import { CallerIdentification } from './caller-identification.js';
import type { CallerIdentity } from './caller.decorator.js';
import { REQUIRED_PERMISSION, type Permission } from './requires.decorator.js';

interface GuardedRequest {
  readonly headers: { readonly authorization?: string };
  caller?: CallerIdentity;
}

type RouteAccess = 'open' | 'closed' | Permission;

/** Stands before every route. What a route does not open is closed: without a declaration nobody passes. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly accessByHandler = new WeakMap<object, RouteAccess>();
  private readonly servesApi: boolean;

  constructor(
    private readonly reflector: Reflector,
    private readonly callers: CallerIdentification,
    roles: RolesConfig,
  ) {
    this.servesApi = roles.roles.includes('api');
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.accessOf(context);
    if (access === 'open') return true;
    if (!this.servesApi) throw new ProblemError('not_served_here');
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const caller = await this.callers.identify(request.headers.authorization);
    if (access === 'closed' || !caller.permissions.has(access)) throw refusalOf(caller);
    request.caller = caller;
    return true;
  }

  private accessOf(context: ExecutionContext): RouteAccess {
    const handler = context.getHandler();
    const seen = this.accessByHandler.get(handler);
    if (seen !== undefined) return seen;
    const targets = [handler, context.getClass()];
    const open = this.reflector.getAllAndOverride<boolean | undefined>(OPEN_TO_ALL, targets);
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(
      REQUIRED_PERMISSION,
      targets,
    );
    const access = permission ?? (open === true ? 'open' : 'closed');
    this.accessByHandler.set(handler, access);
    return access;
  }
}

const refusalOf = ({ session }: CallerIdentity): ProblemError =>
  new ProblemError(
    session?.mustChangePassword === true ? 'password_change_required' : 'not_permitted',
  );
