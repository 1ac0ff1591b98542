import { Logger } from '@nestjs/common';
import type { CustomFetch } from 'openid-client';
import { assert } from '../../kernel/assert.js';
import { Secret } from '../../platform/config/secret.js';
import type { AskPermits } from '../permits/ask-permits.js';
import type { BankHttpClient } from './bank-http-client.js';
import type { BankReply } from './bank-reply.js';
import type { Authorization } from './call-authorization.js';
import { isRecord, parseExactJson } from './exact-json.js';
import { type GrantSettings, requestToken } from './grants.js';

export type IssuedToken = {
  readonly outcome: 'issued';
  readonly value: Secret;
  /** Null when the server names none. */
  readonly expiresInSeconds: number | null;
};

// RFC 6749, 5.2: these say that we are not welcome, whoever asks and whenever.
const REFUSALS = new Set([
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
]);

/** One call to the token endpoint. */
export class TokenCall {
  private readonly logger = new Logger('TokenCall');

  constructor(
    private readonly client: Pick<BankHttpClient, 'send'>,
    private readonly settings: GrantSettings,
  ) {}

  async request(
    permits: AskPermits,
    signal: AbortSignal,
  ): Promise<IssuedToken | Exclude<Authorization, { outcome: 'granted' }>> {
    let reply: BankReply = { kind: 'not_sent', reason: 'cancelled' };
    const fetch: CustomFetch = async (url, { headers, body }) => {
      assert(body instanceof URLSearchParams, 'a token request without a form');
      const form = { headers, body: body.toString() };
      const request = { endpoint: 'token', url, method: 'POST' as const, ...form };
      reply = await this.client.send(request, permits, signal);
      return asResponse(reply);
    };
    try {
      const { access_token: value, expires_in: seconds } = await requestToken(this.settings, fetch);
      // A header can carry nothing else; a token that holds a line break is no token.
      if (!/^[\x21-\x7e]{1,8192}$/.test(value)) return { outcome: 'failed', reply };
      return { outcome: 'issued', value: new Secret(value), expiresInSeconds: seconds ?? null };
    } catch (error) {
      return this.failure(reply, permits.nextFreeInMs, error);
    }
  }

  private failure(
    reply: BankReply,
    nextFreeInMs: number | null,
    error: unknown,
  ): Exclude<Authorization, { outcome: 'granted' }> {
    const oauthError = reply.kind === 'answered' ? oauthErrorOf(reply.body) : null;
    // Never the description: it can echo the request, and the request holds the secret.
    this.logger.warn({
      msg: 'no token',
      oauthError: oauthError !== null && REFUSALS.has(oauthError) ? oauthError : 'other',
      reply: reply.kind === 'answered' ? reply.httpStatus : reply.reason,
      failure: error instanceof Error ? error.name : 'unknown',
    });
    if (oauthError !== null && REFUSALS.has(oauthError)) {
      return { outcome: 'refused', why: oauthError };
    }
    if (reply.kind === 'not_sent' && reply.reason === 'no_permit') {
      return { outcome: 'wait', waitMs: nextFreeInMs };
    }
    return { outcome: 'failed', reply };
  }
}

/** The reply as the library wants it. The challenge headers stay out: it would not read the body then. */
function asResponse(reply: BankReply): Response {
  if (reply.kind !== 'answered') throw new Error(reply.reason);
  const { httpStatus: status, body, contentType } = reply;
  const headers = contentType === null ? {} : { 'content-type': contentType };
  const hasBody = status !== 204 && status !== 205 && status !== 304;
  return new Response(hasBody ? new Uint8Array(body) : null, { status, headers });
}

function oauthErrorOf(body: Buffer): string | null {
  const parsed = parseExactJson(body);
  return isRecord(parsed) && typeof parsed['error'] === 'string' ? parsed['error'] : null;
}
