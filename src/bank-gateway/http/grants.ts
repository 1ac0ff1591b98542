import type { KeyObject, webcrypto } from 'node:crypto';
import {
  allowInsecureRequests,
  type ClientAuth,
  clientCredentialsGrant,
  ClientSecretPost,
  Configuration,
  customFetch,
  type CustomFetch,
  genericGrantRequest,
  PrivateKeyJwt,
  TlsClientAuth,
  type TokenEndpointResponse,
} from 'openid-client';
import { assert } from '../../kernel/assert.js';
import type { Secret } from '../../platform/config/secret.js';

/** `password` is the one grant that Banesco takes, the client mostly being its own resource owner. */
export const GRANTS = ['password', 'client_credentials'] as const;
/** `private_key_jwt` signs with a key of ours; `tls` lets the certificate of the connection speak. */
export const CLIENT_AUTHENTICATIONS = ['basic', 'body', 'private_key_jwt', 'tls'] as const;

export interface GrantSettings {
  readonly tokenUrl: string;
  readonly clientId: Secret;
  readonly clientSecret: Secret;
  /** Whose password the password grant sends; null where the client is its own resource owner. */
  readonly owner: { readonly username: Secret; readonly password: Secret } | null;
  readonly grant: (typeof GRANTS)[number];
  readonly clientAuthentication: (typeof CLIENT_AUTHENTICATIONS)[number];
  /** Empty for none. */
  readonly scope: string;
  /** For whom assertions are made; empty where the token endpoint's address is what the server expects. */
  readonly issuer: string;
  /** For `private_key_jwt`: the key and its name at the server; null where it is not used. */
  readonly assertionKey: { readonly key: KeyObject; readonly keyId: string } | null;
}

/** Fetches one token by the configured grant, over the given fetch. @throws whatever the fetch or the library throws */
export async function requestToken(
  settings: GrantSettings,
  fetch: CustomFetch,
): Promise<TokenEndpointResponse> {
  const configuration = await configurationOf(settings);
  configuration[customFetch] = fetch;
  const scope: Record<string, string> = settings.scope === '' ? {} : { scope: settings.scope };
  return STRATEGIES[settings.grant](configuration, scope, settings);
}

type Strategy = (
  configuration: Configuration,
  scope: Readonly<Record<string, string>>,
  settings: GrantSettings,
) => Promise<TokenEndpointResponse>;

const STRATEGIES: Readonly<Record<GrantSettings['grant'], Strategy>> = {
  password: (configuration, scope, { clientId, clientSecret, owner }) =>
    genericGrantRequest(configuration, 'password', {
      ...scope,
      username: (owner?.username ?? clientId).reveal(),
      password: (owner?.password ?? clientSecret).reveal(),
    }),
  client_credentials: (configuration, scope) => clientCredentialsGrant(configuration, { ...scope }),
};

async function configurationOf(settings: GrantSettings): Promise<Configuration> {
  const { tokenUrl, clientId } = settings;
  const issuer = settings.issuer === '' ? tokenUrl : settings.issuer;
  const authentication = await authenticate(settings);
  const server = { issuer, token_endpoint: tokenUrl };
  const configuration = new Configuration(server, clientId.reveal(), {}, authentication);
  // Whether plain HTTP is acceptable is decided where addresses are configured, for the token as for the calls.
  if (tokenUrl.startsWith('http:')) allowInsecureRequests(configuration);
  return configuration;
}

async function authenticate(settings: GrantSettings): Promise<ClientAuth> {
  const { clientAuthentication, clientSecret, assertionKey } = settings;
  if (clientAuthentication === 'body') return ClientSecretPost(clientSecret.reveal());
  if (clientAuthentication === 'basic') return basicAsBanksReadIt(clientSecret);
  if (clientAuthentication === 'tls') return TlsClientAuth();
  assert(assertionKey !== null, 'private_key_jwt without a key');
  return PrivateKeyJwt({
    key: await signingKey(assertionKey.key),
    ...(assertionKey.keyId === '' ? {} : { kid: assertionKey.keyId }),
  });
}

// One algorithm for each kind of key: what OpenID Connect servers take without further agreement.
const ALGORITHMS: Readonly<
  Record<string, webcrypto.EcKeyImportParams | webcrypto.RsaHashedImportParams>
> = {
  ec: { name: 'ECDSA', namedCurve: 'P-256' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
};

function signingKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const algorithm = ALGORITHMS[key.asymmetricKeyType ?? ''];
  assert(algorithm !== undefined, 'a key for private_key_jwt that is neither RSA nor P-256');
  const der = key.export({ format: 'der', type: 'pkcs8' });
  return crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

/**
 * Basic without the form encoding of RFC 6749, 2.3.1: the library would turn every `-` of an id into `%2D`, and
 * the banks' older Keycloak does not turn it back. Every public integration sends the plain form.
 */
const basicAsBanksReadIt =
  (clientSecret: Secret): ClientAuth =>
  (_server, client, _body, headers) => {
    const pair = Buffer.from(`${client.client_id}:${clientSecret.reveal()}`, 'utf8');
    headers.set('authorization', `Basic ${pair.toString('base64')}`);
  };
