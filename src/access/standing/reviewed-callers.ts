import { Injectable } from '@nestjs/common';
import { ApiKeyDirectory } from '../api-keys/api-key-directory.js';
import type { CallerIdentity } from '../caller.decorator.js';
import { SessionAuthentication } from '../sessions/session-authentication.js';
import { StayingCallers } from './staying-callers.port.js';

const KEY = /^api_key:(.+)$/;

const keyIdOf = ({ actor }: CallerIdentity): string => KEY.exec(actor)?.[1] ?? '';

/** Asks for all keys at once and for all sessions at once. */
@Injectable()
export class ReviewedCallers extends StayingCallers {
  constructor(
    private readonly keys: ApiKeyDirectory,
    private readonly sessions: SessionAuthentication,
  ) {
    super();
  }

  async review(
    callers: readonly CallerIdentity[],
  ): Promise<ReadonlyMap<CallerIdentity, CallerIdentity>> {
    const keyIds = new Set(callers.map(keyIdOf).filter((keyId) => keyId !== ''));
    const [byKey, bySession] = await Promise.all([
      this.keys.review([...keyIds]),
      this.sessions.review(callers.flatMap(({ session }) => session ?? [])),
    ]);
    return new Map(
      callers.flatMap((caller): [CallerIdentity, CallerIdentity][] => {
        const now =
          caller.session === undefined ? byKey.get(keyIdOf(caller)) : bySession.get(caller.session);
        return now === undefined ? [] : [[caller, now]];
      }),
    );
  }
}
