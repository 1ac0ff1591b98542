import { Injectable } from '@nestjs/common';
import { ApiKeyAuthentication } from './api-keys/api-key-authentication.js';
import type { CallerIdentity } from './caller.decorator.js';
import { looksLikeToken, SessionAuthentication } from './sessions/session-authentication.js';

/** Tells who is calling from what the request carries. */
export abstract class CallerIdentification {
  /** @throws ProblemError `not_authenticated` */
  abstract identify(authorization: string | undefined): Promise<CallerIdentity>;
}

/** Programs carry keys, people carry access tokens. */
@Injectable()
export class KeyOrToken extends CallerIdentification {
  constructor(
    private readonly keys: ApiKeyAuthentication,
    private readonly sessions: SessionAuthentication,
  ) {
    super();
  }

  identify(authorization: string | undefined): Promise<CallerIdentity> {
    return looksLikeToken(authorization)
      ? this.sessions.identify(authorization)
      : this.keys.identify(authorization);
  }
}
