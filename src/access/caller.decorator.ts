import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** Who is asking, once the guard let them in. */
export interface CallerIdentity {
  /** `api_key:<id>` or `user:<id>`, as events name the actor. */
  readonly actor: string;
  /** The only merchant whose data the caller may see; null for staff. */
  readonly merchantId: string | null;
  readonly mode: 'live' | 'test';
  readonly permissions: ReadonlySet<string>;
}

/** The caller of the request, as the guard found it. */
export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext): CallerIdentity =>
    context.switchToHttp().getRequest<{ caller: CallerIdentity }>().caller,
);
