import { assert } from '../../kernel/assert.js';
import type { Clock } from '../../kernel/clock.js';
import type { RandomSource } from '../../kernel/ids.js';
import type { BankSetup } from '../bank-setup.js';
import { AccessTokens } from '../http/access-token.js';
import { ApiKey } from '../http/api-key.js';
import type { BankHttpClient } from '../http/bank-http-client.js';
import type { CallAuthorization } from '../http/call-authorization.js';
import type { GrantSettings } from '../http/grants.js';
import { TokenCall } from '../http/token-call.js';
import type { BankSecret } from './bank-secrets.port.js';

export interface AuthorizationParts {
  readonly client: Pick<BankHttpClient, 'send'>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly stopping: AbortSignal;
}

/** The grant with other secrets; everything else about it is configuration. */
export function grantWith(grant: GrantSettings, secret: BankSecret): GrantSettings {
  assert(secret.by === 'token', 'a key where the bank wants a client');
  const { clientId, clientSecret } = secret;
  return { ...grant, clientId, clientSecret };
}

/** How calls under a credential prove who is calling, with stored secrets or, for null, those of the configuration. */
export function authorizationOf(
  { authorization }: BankSetup,
  secret: BankSecret | null,
  { client, clock, random, stopping }: AuthorizationParts,
): CallAuthorization {
  if (authorization.by === 'api_key') {
    const { apiKey } = authorization;
    if (secret === null) return new ApiKey(apiKey);
    assert(secret.by === 'api_key', 'a client where the bank wants a key');
    return new ApiKey({ ...apiKey, key: secret.key });
  }
  const { grant } = authorization;
  const source = new TokenCall(client, secret === null ? grant : grantWith(grant, secret));
  return new AccessTokens(source, clock, random, stopping);
}
