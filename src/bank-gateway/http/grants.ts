import {
  allowInsecureRequests,
  type ClientAuth,
  clientCredentialsGrant,
  ClientSecretPost,
  Configuration,
  customFetch,
  type CustomFetch,
  genericGrantRequest,
  type TokenEndpointResponse,
} from 'openid-client';
import type { Secret } from '../../platform/config/secret.js';

/** `password` is the client as its own resource owner: the one grant that Banesco takes. */
export const GRANTS = ['password', 'client_credentials'] as const;
export const CLIENT_AUTHENTICATIONS = ['basic', 'body'] as const;

export interface GrantSettings {
  readonly tokenUrl: string;
  readonly clientId: Secret;
  readonly clientSecret: Secret;
  readonly grant: (typeof GRANTS)[number];
  readonly clientAuthentication: (typeof CLIENT_AUTHENTICATIONS)[number];
  /** Empty for none. */
  readonly scope: string;
}

/** Fetches one token by the configured grant, over the given fetch. @throws whatever the fetch or the library throws */
export function requestToken(
  settings: GrantSettings,
  fetch: CustomFetch,
): Promise<TokenEndpointResponse> {
  const configuration = configurationOf(settings);
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
  password: (configuration, scope, { clientId, clientSecret }) =>
    genericGrantRequest(configuration, 'password', {
      ...scope,
      username: clientId.reveal(),
      password: clientSecret.reveal(),
    }),
  client_credentials: (configuration, scope) => clientCredentialsGrant(configuration, { ...scope }),
};

function configurationOf(settings: GrantSettings): Configuration {
  const { tokenUrl, clientId } = settings;
  const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
  const configuration = new Configuration(server, clientId.reveal(), {}, authenticate(settings));
  // Whether plain HTTP is acceptable is decided where addresses are configured, for the token as for the calls.
  if (tokenUrl.startsWith('http:')) allowInsecureRequests(configuration);
  return configuration;
}

function authenticate({ clientAuthentication, clientSecret }: GrantSettings): ClientAuth {
  return clientAuthentication === 'body'
    ? ClientSecretPost(clientSecret.reveal())
    : basicAsBanksReadIt(clientSecret);
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
