import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { GatewayUnderTest } from '../support/banesco-gateway.js';
import { type Identity, TestAuthority } from '../support/certificates.js';
import { StandInProcess } from '../support/stand-in-process.js';

const SECRET = 'made-up-secret_of-the-client';
const SUBJECT = 'constancia-client';

const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();
const identity = (name: string, { certificate, privateKey }: Identity) => ({
  [`${name}Certificate.pem`]: certificate,
  [`${name}Key.pem`]: privateKey,
});

/** Everything both sides need, as files: the authorization server is a process of its own. */
function filesFor(authority: TestAuthority): Readonly<Record<string, string>> {
  const jwtKey = newKey();
  const jwk = { ...createPublicKey(jwtKey).export({ format: 'jwk' }), kid: 'ours', use: 'sig' };
  const stranger = new TestAuthority('another authority');
  return {
    'ca.pem': authority.certificate,
    'otherCa.pem': stranger.certificate,
    'jwk.json': JSON.stringify(jwk),
    'jwtKey.pem': pemOf(jwtKey),
    'otherJwtKey.pem': pemOf(newKey()),
    ...identity('server', authority.issue('test bank')),
    ...identity('ours', authority.issue(SUBJECT)),
    ...identity('stranger', authority.issue('somebody else')),
    ...identity('forged', stranger.issue(SUBJECT)),
  };
}

describe('authenticating to an authorization server that others wrote', () => {
  const authority = new TestAuthority('test authority');
  let server: StandInProcess;
  let url: string;
  let folder: string;
  let gateway: GatewayUnderTest | null;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'constancia-tls-'));
    const files = Object.entries(filesFor(authority));
    await Promise.all(files.map(([name, content]) => writeFile(join(folder, name), content)));
    const main = 'test/support/authorization-server.main.ts';
    server = await StandInProcess.start(main, [folder, SECRET]);
    url = String(server.ready['url']);
  });
  afterAll(async () => {
    await server.end();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => (gateway = null));
  afterEach(() => gateway?.stop());

  const file = (name: string): string => join(folder, name);
  const tokenCalls = (): Promise<string> =>
    new Promise((settle, fail) => {
      const asking = request(`${url}/token-calls`, { ca: authority.certificate }, (response) => {
        text(response).then(settle, fail);
      });
      asking.on('error', fail).end();
    });
  const outcomeAs = async (clientId: string, variables: Readonly<Record<string, string>>) => {
    const bank = { url, tokenUrl: `${url}/token`, transactionsUrl: `${url}/transactions` };
    gateway = new GatewayUnderTest(bank, {
      variables: {
        BANESCO_GRANT: 'client_credentials',
        BANESCO_CLIENT_ID: clientId,
        BANESCO_CLIENT_SECRET: SECRET,
        BANESCO_CA_FILE: file('ca.pem'),
        BANESCO_TIMEOUT_MS: '5000',
        BANESCO_CONNECT_TIMEOUT_MS: '3000',
        BANESCO_HEADERS_TIMEOUT_MS: '3000',
        ...variables,
      },
    });
    return (await gateway.lookUp()).answer.outcome;
  };
  const jwt = (key: string) => ({
    BANESCO_CLIENT_AUTH: 'private_key_jwt',
    BANESCO_CLIENT_KEY_FILE: file(`${key}.pem`),
    BANESCO_CLIENT_KEY_ID: 'ours',
  });
  const tls = (name: string) => ({
    BANESCO_CLIENT_AUTH: 'tls',
    BANESCO_CERTIFICATE_FILE: file(`${name}Certificate.pem`),
    BANESCO_CERTIFICATE_KEY_FILE: file(`${name}Key.pem`),
  });

  // The look-up is answered only with a token that this server issued.
  it('works by the Basic header', async () => {
    expect(await outcomeAs('client-basic', {})).toBe('not_visible_yet');
  });

  it('works in the body', async () => {
    expect(await outcomeAs('client-body', { BANESCO_CLIENT_AUTH: 'body' })).toBe('not_visible_yet');
  });

  it('works by a signed assertion', async () => {
    expect(await outcomeAs('client-jwt', jwt('jwtKey'))).toBe('not_visible_yet');
  });

  it('works by an assertion for the issuer by name', async () => {
    const variables = { ...jwt('jwtKey'), BANESCO_TOKEN_ISSUER: url };
    expect(await outcomeAs('client-jwt', variables)).toBe('not_visible_yet');
  });

  it('works by the certificate of the connection', async () => {
    expect(await outcomeAs('client-tls', tls('ours'))).toBe('not_visible_yet');
  });

  it.each<[string, string, () => Readonly<Record<string, string>>]>([
    ['a wrong secret', 'client-basic', () => ({ BANESCO_CLIENT_SECRET: 'wrong' })],
    ['the key of another', 'client-jwt', () => jwt('otherJwtKey')],
    ['the certificate of another', 'client-tls', () => tls('stranger')],
    ['a certificate from another authority', 'client-tls', () => tls('forged')],
  ])('closes the gateway after %s', async (_, clientId, variables) => {
    const before = await tokenCalls();
    expect(await outcomeAs(clientId, variables())).toBe('credentials_refused');
    expect(await gateway?.closures.find('banesco')).toMatchObject({
      reason: 'credentials_refused:invalid_client',
    });
    expect(Number(await tokenCalls())).toBe(Number(before) + 1);
  });

  it.each([
    ['BANESCO_CLIENT_KEY_FILE', { BANESCO_CLIENT_AUTH: 'private_key_jwt' }],
    ['BANESCO_CERTIFICATE_FILE', { BANESCO_CLIENT_AUTH: 'tls' }],
  ])('does not start without %s where it is needed', async (name, variables) => {
    await expect(outcomeAs('client', variables)).rejects.toThrow(name);
  });

  it('sends nothing to a bank for which another authority vouches', async () => {
    const before = await tokenCalls();
    const outcome = await outcomeAs('client-basic', { BANESCO_CA_FILE: file('otherCa.pem') });
    expect(outcome).toBe('unavailable');
    expect(await tokenCalls()).toBe(before);
    const { values } = (await gateway?.metrics.banescoApiErrorsTotal.get()) ?? { values: [] };
    expect(values.map(({ labels }) => labels.error_type)).toEqual(['connect_failed']);
  });

  it('sends nothing to a bank that no public authority knows, where none is named', async () => {
    const before = await tokenCalls();
    expect(await outcomeAs('client-basic', { BANESCO_CA_FILE: '' })).toBe('unavailable');
    expect(await tokenCalls()).toBe(before);
  });
});
