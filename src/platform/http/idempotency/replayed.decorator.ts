import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** What the interceptor found out about a request that names itself. */
export interface KnownRequest {
  idempotency?: { readonly replayed: boolean };
}

/**
 * True for the repeat of a request that took effect: the route changes nothing and answers with what stands now.
 * `@Replayed() replayed: boolean`
 */
export const Replayed = createParamDecorator(
  (_: unknown, context: ExecutionContext): boolean =>
    context.switchToHttp().getRequest<KnownRequest>().idempotency?.replayed ?? false,
);
