import { Secret } from '../../platform/config/secret.js';
import { type GrantSettings, requestToken } from './grants.js';

const settings: GrantSettings = {
  tokenUrl: 'https://token.example/token',
  clientId: new Secret('made-up-client'),
  clientSecret: new Secret('made-up-secret'),
  owner: null,
  grant: 'password',
  clientAuthentication: 'basic',
  scope: '',
  issuer: '',
  assertionKey: null,
};

/** What one request for a token sends. */
async function sentBy(changes: Partial<GrantSettings>) {
  let sent: { form: Record<string, string>; basic: string | null } | undefined;
  await requestToken({ ...settings, ...changes }, (_url, { body, headers }) => {
    const given = new Headers(headers).get('authorization');
    const basic = given?.startsWith('Basic ') === true ? given.slice('Basic '.length) : null;
    sent = {
      form: Object.fromEntries(body as URLSearchParams),
      basic: basic === null ? null : Buffer.from(basic, 'base64').toString('utf8'),
    };
    return Promise.resolve(Response.json({ access_token: 'made-up', token_type: 'Bearer' }));
  });
  return sent;
}

describe('asking for a token', () => {
  it('shows the client as its own resource owner', async () => {
    expect(await sentBy({})).toEqual({
      form: { grant_type: 'password', username: 'made-up-client', password: 'made-up-secret' },
      basic: 'made-up-client:made-up-secret',
    });
  });

  it('names another user where the affiliate has one', async () => {
    const owner = { username: new Secret('made-up-user'), password: new Secret('made-up-word') };
    expect(await sentBy({ owner })).toEqual({
      form: { grant_type: 'password', username: 'made-up-user', password: 'made-up-word' },
      basic: 'made-up-client:made-up-secret',
    });
  });

  it('shows the client in the body where the bank reads it there', async () => {
    expect(await sentBy({ clientAuthentication: 'body' })).toEqual({
      form: {
        grant_type: 'password',
        username: 'made-up-client',
        password: 'made-up-secret',
        client_id: 'made-up-client',
        client_secret: 'made-up-secret',
      },
      basic: null,
    });
  });

  it('sends a scope only where one is configured, and no user with client_credentials', async () => {
    const scope = 'CONSULTA DE TRANSACCIONES';
    expect(await sentBy({ grant: 'client_credentials', scope })).toMatchObject({
      form: { grant_type: 'client_credentials', scope },
    });
  });
});
