import { readConfiguration } from '../platform/config/config.js';
import { Secret } from '../platform/config/secret.js';
import { modesOf } from './bank-gateway.port.js';
import { BankRegistry } from './bank-registry.js';
import { BanescoConfig } from './banks/banesco/banesco.config.js';
import { BanescoSandboxConfig } from './banks/banesco/banesco.sandbox.config.js';
import { VenezuelaConfig } from './banks/venezuela/venezuela.config.js';
import { VenezuelaSandboxConfig } from './banks/venezuela/venezuela.sandbox.config.js';

const LIVE = {
  BANESCO_BASE_URL: 'https://bank.example.com',
  BANESCO_TOKEN_URL: 'https://login.example.com/token',
  BANESCO_TRANSACTIONS_PATH: '/transactions',
  BANESCO_CLIENT_ID: 'live-client',
  BANESCO_CLIENT_SECRET: 'live-secret',
  BANESCO_AFFILIATE: 'merchant',
  BDV_ENABLED: 'true',
  BDV_API_KEY: 'live-key',
  BDV_RECEIVING_PHONE: '04125550131',
};
const BESIDE = {
  BANESCO_SANDBOX_BASE_URL: 'https://qa.example.com',
  BANESCO_SANDBOX_TOKEN_URL: 'https://qa.example.com/token',
  BANESCO_SANDBOX_CLIENT_ID: 'qa-client',
  BANESCO_SANDBOX_CLIENT_SECRET: 'qa-secret',
  BDV_SANDBOX_LOOK_UP_URL: 'https://qa-bdv.example.com/getMovement',
  BDV_SANDBOX_API_KEY: 'qa-key',
};

function registryOf(variables: Readonly<Record<string, string>>): BankRegistry {
  const sections = [BanescoConfig, BanescoSandboxConfig, VenezuelaConfig, VenezuelaSandboxConfig];
  const read = readConfiguration(sections, variables);
  return new BankRegistry({
    banesco: read.section(BanescoConfig),
    banescoSandbox: read.section(BanescoSandboxConfig),
    venezuela: read.section(VenezuelaConfig),
    venezuelaSandbox: read.section(VenezuelaSandboxConfig),
  });
}
/** Everything that a setup holds, secrets in clear. */
const shownIn = (value: unknown): string =>
  JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, member: unknown) {
    // The member is what toJSON made of it already.
    const held = this[key];
    return held instanceof Secret ? (held.reveal() as unknown) : member;
  });
const modes = ({ banks }: BankRegistry) =>
  banks.map(({ credential }) => [credential.credentialId, modesOf(credential)]);

describe('opening lines to banks from the configuration', () => {
  it('opens none to a sandbox unless one is named', () => {
    expect(modes(registryOf(LIVE))).toEqual([
      ['banesco', ['live']],
      ['bdv', ['live']],
    ]);
  });

  it('asks a line that is a sandbox about claims of every key', () => {
    expect(modes(registryOf({ ...LIVE, BANESCO_SANDBOX: 'true' }))[0]).toEqual([
      'banesco',
      ['live', 'test'],
    ]);
  });

  it('asks a sandbox beside the live bank about claims of test keys alone', () => {
    expect(modes(registryOf({ ...LIVE, ...BESIDE }))).toEqual([
      ['banesco', ['live']],
      ['banescosandbox', ['test']],
      ['bdv', ['live']],
      ['bdvsandbox', ['test']],
    ]);
  });

  it('shows the sandbox neither secrets, keys nor addresses of the live bank', () => {
    const beside = registryOf({
      ...LIVE,
      ...BESIDE,
      BANESCO_USERNAME: 'live-user',
      BANESCO_PASSWORD: 'live-password',
      BANESCO_TOKEN_ISSUER: 'https://login.example.com',
    }).banks.filter(({ credential }) => credential.besideLive === true);

    const [banesco, venezuela] = beside;
    expect(banesco?.authorization).toMatchObject({
      by: 'token',
      grant: {
        tokenUrl: 'https://qa.example.com/token',
        owner: null,
        issuer: '',
        assertionKey: null,
      },
    });
    expect(
      banesco?.authorization.by === 'token' && banesco.authorization.grant.clientSecret.reveal(),
    ).toBe('qa-secret');
    expect(banesco?.http.transport.tls).toEqual({ ca: null, certificate: null, privateKey: null });
    expect(
      venezuela?.authorization.by === 'api_key' && venezuela.authorization.apiKey.key.reveal(),
    ).toBe('qa-key');
    expect(venezuela?.adapter.capabilities.listing).toBeNull();
    expect(shownIn(beside)).toContain('qa-secret');
    expect(shownIn(beside)).not.toMatch(
      /live-|login\.example|\/\/bank\.example|banvenez\.com\/apis/,
    );
  });

  it.each([
    ['BANESCO_SANDBOX', { BANESCO_SANDBOX: 'true' }],
    ['BANESCO_SANDBOX_TOKEN_URL', { BANESCO_SANDBOX_TOKEN_URL: '' }],
    ['BANESCO_SANDBOX_CLIENT_ID', { BANESCO_SANDBOX_CLIENT_ID: '' }],
    ['BANESCO_SANDBOX_CLIENT_SECRET', { BANESCO_SANDBOX_CLIENT_SECRET: '' }],
    ['BANESCO_SANDBOX_AFFILIATE', { BANESCO_SANDBOX_AFFILIATE: 'merchant' }],
    ['BDV_SANDBOX', { BDV_SANDBOX: 'true' }],
    ['BDV_SANDBOX_API_KEY', { BDV_SANDBOX_API_KEY: '' }],
    ['two lines to banks', { BANESCO_SANDBOX_CREDENTIAL_ID: 'banesco' }],
  ])('refuses to start with a contradiction in %s', (named, wrong) => {
    expect(() => registryOf({ ...LIVE, ...BESIDE, ...wrong })).toThrow(named);
  });
});
