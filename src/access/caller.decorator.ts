import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { assert } from '../kernel/assert.js';

/** Who is asking, once the guard let them in. */
export interface CallerIdentity {
  /** `api_key:<id>` or `user:<id>`, as events name the actor. */
  readonly actor: string;
  /** The only merchant whose data the caller may see; null for staff. */
  readonly merchantId: string | null;
  readonly mode: 'live' | 'test';
  readonly permissions: ReadonlySet<string>;
  /** The session of a person; keys have none. */
  readonly session?: UserSession;
}

/** By which session a person is here. */
export interface UserSession {
  readonly userId: string;
  readonly sessionId: string;
  /** When the access token ends that was presented. */
  readonly tokenEndsAt: Date;
  /** What the person must do before anything else is let through; null: nothing. */
  readonly owes: 'password_change' | 'totp_setup' | null;
}

/** The caller of the request, as the guard found it. */
export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext): CallerIdentity =>
    context.switchToHttp().getRequest<{ caller: CallerIdentity }>().caller,
);

/** The session of the person that asks; only for routes that ask for `self`, which no key holds. */
export const Session = createParamDecorator(
  (_: unknown, context: ExecutionContext): UserSession => {
    const { caller } = context.switchToHttp().getRequest<{ caller: CallerIdentity }>();
    assert(caller.session !== undefined, 'only people hold the permission self');
    return caller.session;
  },
);
