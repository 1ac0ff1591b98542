import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from '../platform/http/problem.js';
import type { CallerIdentity } from './caller.decorator.js';

/**
 * Lets people and the operator's keys through. A merchant's backend never decides on its own claims, whatever
 * permissions its key was issued with (product.md, section 3).
 * @throws ProblemError
 */
export function staffOnly(caller: CallerIdentity): CallerIdentity {
  const isMerchantsKey = caller.merchantId !== null && caller.actor.startsWith('api_key:');
  if (isMerchantsKey) throw new ProblemError('not_permitted');
  return caller;
}

/** The caller of a route that is for staff: `@StaffCaller() caller: CallerIdentity`. */
export const StaffCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): CallerIdentity =>
    staffOnly(context.switchToHttp().getRequest<{ caller: CallerIdentity }>().caller),
);
