import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT, type JWK } from 'jose';
import { assert } from '../../kernel/assert.js';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { ServerConfig } from '../../platform/http/server.config.js';
import { signingKeyAt, validKeysAt } from '../domain/signing-keys.js';
import { SessionsConfig } from './sessions.config.js';
import { SIGNING_ALGORITHM, type SigningKey } from './signing-keys.store.js';
import { SigningKeys } from './signing-keys.js';

const AUDIENCE = 'constancia';

export interface TokenHolder {
  readonly userId: string;
  readonly sessionId: string;
}

/** Whose token it is that was presented, and when it ends. */
export interface PresentedToken extends TokenHolder {
  readonly endsAt: Date;
}

/** Makes and reads access tokens: short-lived, signed, and good only while their session lives. */
@Injectable()
export class AccessTokens {
  private readonly issuer: string;
  private readonly seconds: number;

  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    server: ServerConfig,
    sessions: SessionsConfig,
  ) {
    this.issuer = server.publicUrl;
    this.seconds = sessions.accessTokenSeconds;
  }

  async issue({ userId, sessionId }: TokenHolder, random: RandomSource): Promise<string> {
    const keys = await this.keys.all();
    // Not earlier: the first key may just have been made.
    const now = this.clock.now();
    const key = signingKeyAt(keys, now);
    assert(key !== null, 'a key signs from the moment it is the first');
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: key.keyId, typ: 'at+jwt' })
      .setIssuer(this.issuer)
      .setAudience(AUDIENCE)
      .setSubject(userId)
      .setJti(random.uuid())
      .setIssuedAt(now)
      .setExpirationTime(new Date(now.getTime() + this.seconds * 1000))
      .sign(key.privateKey);
  }

  /** Whose token it is; null for anything that is none of ours, or none any more. */
  async read(token: string): Promise<PresentedToken | null> {
    try {
      const { payload } = await jwtVerify(token, async ({ kid }) => this.keyFor(kid), {
        algorithms: [SIGNING_ALGORITHM],
        issuer: this.issuer,
        audience: AUDIENCE,
        typ: 'at+jwt',
        requiredClaims: ['sub', 'sid', 'exp', 'jti'],
        currentDate: this.clock.now(),
      });
      const { sub, sid, exp } = payload;
      return typeof sub === 'string' && typeof sid === 'string' && exp !== undefined
        ? { userId: sub, sessionId: sid, endsAt: new Date(exp * 1000) }
        : null;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  /** What others need to check a token. */
  async published(): Promise<readonly JWK[]> {
    const keys = validKeysAt(await this.keys.all(), this.seconds, this.clock.now());
    return keys.map(({ publicJwk }) => publicJwk);
  }

  private async keyFor(kid: string | undefined): Promise<SigningKey['publicKey']> {
    const isNamed = ({ keyId }: SigningKey): boolean => keyId === kid;
    const now = this.clock.now();
    const known = validKeysAt(await this.keys.all(), this.seconds, now).find(isNamed);
    // Another instance may have made one that we have not heard of.
    const key = known ?? validKeysAt(await this.keys.renewed(), this.seconds, now).find(isNamed);
    if (key === undefined) throw new errors.JWKSNoMatchingKey();
    return key.publicKey;
  }
}
