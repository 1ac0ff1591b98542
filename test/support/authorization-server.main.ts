// oidc-provider behind TLS, and beside it an API that takes only its tokens: an authorization server that others
// wrote. A process of its own, since it tells plain objects by their realm, and jest gives modules another one.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { type ClientMetadata, Provider } from 'oidc-provider';

const [directory = '.', secret = ''] = process.argv.slice(2);
const file = (name: string): string => readFileSync(join(directory, name), 'utf8');

const client = (id: string, method: string, more: Partial<ClientMetadata>): ClientMetadata =>
  ({
    client_id: id,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: method,
    ...more,
  }) as ClientMetadata;

const clients = [
  client('client-basic', 'client_secret_basic', { client_secret: secret }),
  client('client-body', 'client_secret_post', { client_secret: secret }),
  client('client-jwt', 'private_key_jwt', {
    token_endpoint_auth_signing_alg: 'RS256',
    jwks: { keys: [JSON.parse(file('jwk.json'))] },
  }),
  client('client-tls', 'tls_client_auth', { tls_client_auth_subject_dn: 'CN=constancia-client' }),
];

const socketOf = (context: { readonly req: IncomingMessage }) => context.req.socket as TLSSocket;

const providerAt = (url: string): Provider =>
  new Provider(url, {
    clients,
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'tls_client_auth',
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      mTLS: {
        enabled: true,
        tlsClientAuth: true,
        getCertificate: (context) => socketOf(context).getPeerX509Certificate()?.toString(),
        certificateAuthorized: (context) => socketOf(context).authorized,
        certificateSubjectMatches: (context, _property, expected) =>
          socketOf(context).getPeerX509Certificate()?.subject === expected,
      },
    },
  });

let tokenCalls = 0;
const server = createServer({
  key: file('serverKey.pem'),
  cert: file('serverCertificate.pem'),
  ca: file('ca.pem'),
  requestCert: true,
  // Whether a certificate is good is for the provider to say, client by client.
  rejectUnauthorized: false,
});

async function answer(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  if (request.url === '/token') {
    tokenCalls += 1;
    await provider.callback()(request, response);
    return;
  }
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const isKnown = (await provider.ClientCredentials.find(token)) !== undefined;
  const isCount = request.url === '/token-calls';
  response.writeHead(isKnown || isCount ? 200 : 401, { 'content-type': 'application/json' });
  response.end(isCount ? String(tokenCalls) : '{"httpStatus":{"statusCode":"70001"}}');
}

server.listen(0, '127.0.0.1', () => {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = providerAt(url);
  server.on('request', (request, response) => void answer(provider, request, response));
  process.stdout.write(`${JSON.stringify({ url })}\n`);
});
