import type { CallerIdentity } from '../caller.decorator.js';

/** Watches over those who were let in and stay, such as the reader of a stream. */
export abstract class StayingCallers {
  /**
   * Who of them would be let in now by the same key or token, as whom: a key that was revoked or has expired, a session
   * that ended and a token that ran out are left out. It is as fresh as the database, which is asked a bounded number of
   * times however many they are. Fails as the database does.
   */
  abstract review(
    callers: readonly CallerIdentity[],
  ): Promise<ReadonlyMap<CallerIdentity, CallerIdentity>>;
}
