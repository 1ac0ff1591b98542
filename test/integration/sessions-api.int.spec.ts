import { createHmac } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { UserStore } from '../../src/access/users/user.store.js';
import { PasswordHasher } from '../../src/access/passwords/password-hasher.js';
import { apiCaller, type Asked } from '../support/api-caller.js';
import { TestApp } from '../support/app.js';
import { HashRangesServer } from '../support/hash-ranges-server.js';
import { eventually } from '../support/eventually.js';

interface TokenPair extends Record<string, unknown> {
  readonly access_token: string;
  readonly refresh_token: string;
}

const PASSWORD = 'lluvia sobre el tejado';
const OTHER = 'otra lluvia de marzo';
const BREACHED = 'viento entre los juncos';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** What an authenticator app shows, written apart from the code under test. */
function appCode(secret: string, at: number): string {
  const bits = Array.from(secret, (c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeUInt32BE(Math.floor(at / 30_000), 4);
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe('signing in over HTTP', () => {
  let app: TestApp;
  let call: ReturnType<typeof apiCaller>;
  let admin: string;
  let people = 0;
  let hashes: HashRangesServer;

  beforeAll(async () => {
    hashes = await HashRangesServer.start(BREACHED);
    app = await TestApp.start({
      environment: {
        ROLES: 'api,projector',
        REGISTRATION_OPEN: 'true',
        TOTP_REQUIRED_ROLES: 'manager',
        BREACHED_PASSWORDS_URL: hashes.url,
        BREACHED_PASSWORDS_TIMEOUT_MS: '10000',
      },
    });
    call = apiCaller(app);
    admin = await app.issueKey(['admin']);
  });

  afterAll(async () => {
    await app.stop();
    await hashes.stop();
  });

  const post = <T = Record<string, unknown>>(path: string, body: unknown, asked: Asked = {}) =>
    call<T>('POST', `auth/${path}`, { ...asked, body });
  const login = (email: string, password = PASSWORD, more: object = {}) =>
    post<TokenPair>('login', { email, password, ...more });
  const me = async (key: string): Promise<number> => (await call('GET', 'auth/me', { key })).status;

  /** A registered person and its address. */
  const aPerson = async (): Promise<{ email: string; id: string }> => {
    people += 1;
    const email = `person${people}@example.com`;
    const { body } = await post('register', { email, name: 'Somebody', password: PASSWORD });
    return { email, id: String(body['id']) };
  };
  const aSession = async (): Promise<TokenPair & { email: string; id: string }> => {
    const person = await aPerson();
    return { ...(await login(person.email)).body, ...person };
  };

  /** The code that the app shows now, as if none had been used in this half minute. */
  const proofOf = async (userId: string, secret: string): Promise<{ totp_code: string }> => {
    const users = app.app.get(UserStore);
    await users.inTransaction((tx) => users.change(tx, userId, { totp_last_step: 0n }));
    return { totp_code: appCode(secret, Date.now()) };
  };
  /** Puts one-time codes in use; gives their secret. */
  const setUpTotp = async (key: string): Promise<string> => {
    const begun = await post<{ secret: string }>('totp', { password: PASSWORD }, { key });
    const totp_code = appCode(begun.body.secret, Date.now());
    expect((await post('totp/confirm', { totp_code }, { key })).status).toBe(204);
    return begun.body.secret;
  };

  it('registers a person, who signs in, sees itself and may do nothing else', async () => {
    const { email } = await aPerson();
    const signedIn = await login(email.toUpperCase());
    expect(signedIn).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 600 },
    });
    const key = signedIn.body.access_token;

    expect(await call('GET', 'auth/me', { key })).toMatchObject({
      status: 200,
      body: { email, role: null, must_change_password: false },
    });
    for (const path of ['transactions', 'users', 'audit']) {
      expect((await call('GET', path, { key })).status).toBe(403);
    }
  });

  it('refuses registration with a weak password or a taken address', async () => {
    const { email } = await aPerson();
    const name = 'Somebody';
    expect(
      await post('register', { email: 'x@example.com', name, password: 'Password1234' }),
    ).toMatchObject({ status: 422, body: { code: 'password_refused', fault: 'common' } });
    expect(await post('register', { email, name, password: PASSWORD })).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    });
  });

  it('refuses a password that became known, wherever one is chosen', async () => {
    const refusal = (pointer: string) => ({
      status: 422,
      body: {
        code: 'password_refused',
        fault: 'breached',
        errors: [{ in: 'body', pointer, reason: expect.stringContaining('became known') }],
      },
    });
    const person = { email: 'known@example.com', name: 'Somebody', password: BREACHED };
    expect(await post('register', person)).toMatchObject(refusal('/password'));

    const { access_token: key } = await aSession();
    const change = { current_password: PASSWORD, new_password: BREACHED };
    expect(await post('password', change, { key })).toMatchObject(refusal('/new_password'));

    const { temporary_password: temporary } = (
      await call<{ temporary_password: string }>('POST', 'users', {
        key: admin,
        body: { email: 'forced@example.com', name: 'Somebody', role: 'admin' },
      })
    ).body;
    const signedIn = await login('forced@example.com', temporary);
    const forced = { current_password: temporary, new_password: BREACHED };
    expect(await post('password', forced, { key: signedIn.body.access_token })).toMatchObject(
      refusal('/new_password'),
    );
    expect(app.lines.join('\n')).not.toContain(BREACHED);
  });

  it('answers a wrong password and an unknown address alike', async () => {
    const { email } = await aPerson();
    const wrong = await login(email, OTHER);
    const unknown = await login('nobody@example.com', OTHER);
    const shape = ({ status, body }: typeof wrong) => ({ ...body, status, request_id: '' });
    expect(shape(wrong)).toEqual(shape(unknown));
    expect(wrong).toMatchObject({ status: 401, body: { code: 'sign_in_refused' } });
  });

  it('signs tokens that anybody can check with the published keys', async () => {
    const { access_token: token } = await aSession();
    const { alg, kid } = decodeProtectedHeader(token);
    expect(alg).toBe('ES256');
    const { body } = await call<{ keys: object[] }>('GET', '/.well-known/jwks.json');
    expect(body.keys).toEqual([expect.objectContaining({ kid, kty: 'EC', alg: 'ES256' })]);
    expect(JSON.stringify(body)).not.toContain('"d"');
  });

  it.each([
    ['another signature', (token: string) => `${token.slice(0, -4)}AAAA`],
    ['no signature at all', (token: string) => token.replace(/\.[^.]*$/, '.')],
    [
      'the algorithm none',
      (token: string) =>
        token.replace(/^[^.]+/, Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')),
    ],
    ['another user', (token: string) => token.replace(/\.[^.]+\./, '.eyJzdWIiOiJ4In0.')],
  ])('knows no token with %s', async (_, bend) => {
    const { access_token: token } = await aSession();
    expect(await me(token)).toBe(200);
    expect(await me(bend(token))).toBe(401);
  });

  it('renews a session once per token, and ends it when one comes twice', async () => {
    const { refresh_token: first } = await aSession();
    const second = await post<TokenPair>('refresh', { refresh_token: first });
    expect(second.status).toBe(200);
    expect(await me(second.body.access_token)).toBe(200);

    expect((await post('refresh', { refresh_token: first })).status).toBe(401);
    await eventually(async () => (await me(second.body.access_token)) === 401);
    expect((await post('refresh', { refresh_token: second.body.refresh_token })).status).toBe(401);
    expect((await post('refresh', { refresh_token: 'cr_nonsense' })).status).toBe(401);
  });

  it('renews a session for one of two who come at once', async () => {
    const { refresh_token } = await aSession();
    const both = await Promise.all([
      post('refresh', { refresh_token }),
      post('refresh', { refresh_token }),
    ]);
    expect(both.map(({ status }) => String(status)).sort()).toEqual(['200', '401']);
  });

  it('lists sessions, ends one, and ends all', async () => {
    const { email, access_token: here } = await aSession();
    const there = (await login(email)).body.access_token;
    const { body } = await call<{ data: { id: string; current: boolean }[] }>(
      'GET',
      'auth/sessions',
      { key: here },
    );
    expect(body.data.map(({ current }) => String(current)).sort()).toEqual(['false', 'true']);
    const other = body.data.find(({ current }) => !current);
    const end = () => call('DELETE', `auth/sessions/${other?.id}`, { key: here });
    expect((await end()).status).toBe(204);
    expect((await end()).status).toBe(404);
    await eventually(async () => (await me(there)) === 401);

    const again = (await login(email)).body.access_token;
    expect((await call('POST', 'auth/logout-everywhere', { key: here })).status).toBe(204);
    await eventually(async () => (await me(again)) === 401);
    await eventually(async () => (await me(here)) === 401);
  });

  it('changes a password and ends the other sessions', async () => {
    const { email, access_token: key } = await aSession();
    const there = (await login(email)).body.access_token;
    const change = (current_password: string, new_password: string) =>
      post('password', { current_password, new_password }, { key });

    expect(await change(OTHER, OTHER)).toMatchObject({ body: { code: 'password_wrong' } });
    expect(await change(PASSWORD, PASSWORD)).toMatchObject({
      body: { code: 'password_unchanged' },
    });
    expect(await change(PASSWORD, 'short')).toMatchObject({ body: { fault: 'too_short' } });
    expect((await change(PASSWORD, OTHER)).status).toBe(204);
    expect(await me(key)).toBe(200);
    await eventually(async () => (await me(there)) === 401);
    expect((await login(email, PASSWORD)).status).toBe(401);
    expect((await login(email, OTHER)).status).toBe(200);
  });

  it('lets a user with a given password do nothing but change it', async () => {
    const made = await call<{ id: string; temporary_password: string }>('POST', 'users', {
      key: admin,
      body: { email: 'second.admin@example.com', name: 'Second', role: 'admin' },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { role: 'admin', must_change_password: true },
    });
    const { access_token: key } = (
      await login('second.admin@example.com', made.body.temporary_password)
    ).body;
    expect(await call('GET', 'users', { key })).toMatchObject({
      status: 403,
      body: { code: 'password_change_required' },
    });
    const changed = await post(
      'password',
      { current_password: made.body.temporary_password, new_password: OTHER },
      { key },
    );
    expect(changed.status).toBe(204);
    await eventually(async () => (await call('GET', 'users', { key })).status === 200);
  });

  it('lets nobody in with a temporary password that has ended, until another one is made', async () => {
    const email = 'late@example.com';
    const made = await call<{ id: string; temporary_password: string }>('POST', 'users', {
      key: admin,
      body: { email, name: 'Late', role: 'admin' },
    });
    const { id, temporary_password: temporary } = made.body;
    const users = app.app.get(UserStore);
    const endsAt = async () => (await users.find(id))?.password_ends_at ?? null;
    const days = ((await endsAt())?.getTime() ?? 0) - Date.now();
    expect(Math.round(days / 86_400_000)).toBe(3);

    const ended = { password_ends_at: new Date(Date.now() - 60_000) };
    await users.inTransaction((tx) => users.change(tx, id, ended));
    expect(await login(email, temporary)).toMatchObject({
      status: 401,
      body: { code: 'sign_in_refused' },
    });
    const acts = `audit?subject=user:${id}&act=sign_in.refused`;
    await eventually(async () => {
      const { body } = await call<{ data: { reason: string }[] }>('GET', acts, { key: admin });
      return body.data[0]?.reason === 'expired';
    });

    const again = await call<{ temporary_password: string }>('POST', `users/${id}/reset-password`, {
      key: admin,
    });
    const fresh = { current_password: again.body.temporary_password, new_password: OTHER };
    const { access_token: key } = (await login(email, again.body.temporary_password)).body;
    expect((await post('password', fresh, { key })).status).toBe(204);
    expect(await endsAt()).toBeNull();
    expect((await login(email, OTHER)).status).toBe(200);
  });

  it('ends the session whose token is sent with a sign-in of the same person', async () => {
    const { email, access_token: left } = await aSession();
    const { access_token: strangers } = await aSession();
    const signIn = (key: string) =>
      post<TokenPair>('login', { email, password: PASSWORD }, { key });
    const again = await signIn(left);
    expect(again.status).toBe(200);
    await eventually(async () => (await me(left)) === 401);
    expect((await signIn(strangers)).status).toBe(200);
    expect((await signIn('ey.no.token')).status).toBe(200);
    expect(await me(strangers)).toBe(200);
    expect(await me(again.body.access_token)).toBe(200);
  });

  it('changes what a user may do within a second, and shuts a disabled one out', async () => {
    const { email, id, access_token: key } = await aSession();
    const change = (etag: string, body: object) =>
      call('PATCH', `users/${id}`, { key: admin, body, headers: { 'if-match': etag } });

    expect(await change('"1"', { role: 'cashier' })).toMatchObject({
      body: { code: 'cashier_of_no_merchant' },
    });
    expect((await change('"1"', { role: 'viewer' })).status).toBe(200);
    await eventually(async () => (await call('GET', 'transactions', { key })).status === 200);
    expect((await change('"1"', { disabled: true })).status).toBe(412);
    expect((await change('"2"', { disabled: true })).status).toBe(200);
    await eventually(async () => (await me(key)) === 401);
    expect(await login(email)).toMatchObject({ status: 401, body: { code: 'sign_in_refused' } });
  });

  it('asks for a one-time code once it is in use, and takes each code once', async () => {
    const { email, id, access_token: key } = await aSession();
    const begun = await post<{ secret: string }>('totp', { password: PASSWORD }, { key });
    const { secret } = begun.body;
    expect((await login(email)).status).toBe(200);
    const now = Date.now();
    expect(await post('totp/confirm', { totp_code: '000000' }, { key })).toMatchObject({
      status: 422,
    });
    expect((await post('totp/confirm', { totp_code: appCode(secret, now) }, { key })).status).toBe(
      204,
    );

    expect(await login(email)).toMatchObject({ status: 401, body: { code: 'totp_required' } });
    const next = { totp_code: appCode(secret, now + 30_000) };
    const both = await Promise.all([login(email, PASSWORD, next), login(email, PASSWORD, next)]);
    expect(both.map(({ status }) => String(status)).sort()).toEqual(['200', '401']);
    expect(await post('totp/end', { password: OTHER }, { key })).toMatchObject({ status: 403 });
    // The password alone does not end them, nor does a code that was used.
    for (const more of [{}, next]) {
      expect(await post('totp/end', { password: PASSWORD, ...more }, { key })).toMatchObject({
        status: 422,
        body: { code: 'totp_wrong' },
      });
    }
    const proof = await proofOf(id, secret);
    expect((await post('totp/end', { password: PASSWORD, ...proof }, { key })).status).toBe(204);
    expect((await login(email)).status).toBe(200);
  });

  it('takes each recovery code once, and none of those that were replaced or ended', async () => {
    const { email, id, access_token: key } = await aSession();
    const codesOf = async (password: string, proof: object = {}) =>
      post<{ recovery_codes: string[] }>('totp/recovery-codes', { password, ...proof }, { key });
    expect(await codesOf(PASSWORD)).toMatchObject({
      status: 409,
      body: { code: 'totp_not_in_use' },
    });
    const secret = await setUpTotp(key);
    expect(await codesOf(OTHER)).toMatchObject({ status: 403, body: { code: 'password_wrong' } });
    expect(await codesOf(PASSWORD)).toMatchObject({ status: 422, body: { code: 'totp_wrong' } });
    const made = async () =>
      (await codesOf(PASSWORD, await proofOf(id, secret))).body.recovery_codes;
    const [old = ''] = await made();
    const codes = await made();
    expect(new Set(codes).size).toBe(10);
    expect(codes[0]).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){6}$/);

    const signIn = async (recovery_code = '') =>
      (await login(email, PASSWORD, { recovery_code })).status;
    expect(await signIn(old)).toBe(401);
    // As somebody types it who is in a hurry; and the same one from two places at once.
    const typed = codes[0]?.toLowerCase().replaceAll('-', ' ');
    const both = await Promise.all([signIn(typed), signIn(codes[0])]);
    expect(both.toSorted()).toEqual([200, 401]);
    expect(await signIn(codes[1])).toBe(200);

    const started = `audit?subject=user:${id}&act=session.started`;
    await eventually(async () => {
      const { body } = await call<{ data: { particulars: { factor: string } }[] }>('GET', started, {
        key: admin,
      });
      const factors = body.data.map(({ particulars }) => particulars.factor);
      return factors.join() === 'recovery_code,recovery_code,none';
    });
    const used = `audit?subject=user:${id}&act=user.recovery_code_used`;
    await eventually(async () => {
      const { body } = await call<{ data: { particulars: { left: number } }[] }>('GET', used, {
        key: admin,
      });
      expect(body.data.map(({ particulars }) => particulars.left)).toEqual([8, 9]);
    });
    const [, , lastProof, unused] = codes;
    const end = { password: PASSWORD, recovery_code: lastProof };
    expect((await post('totp/end', end, { key })).status).toBe(204);
    await setUpTotp(key);
    expect(await signIn(unused)).toBe(401);
  });

  it('lets a role that must have one-time codes do nothing before they are set up', async () => {
    const { email, id, access_token: key } = await aSession();
    const manages = async (asking: string) => call('GET', 'transactions', { key: asking });
    // An open session becomes one that may only set them up, within the second that it is remembered.
    await call('PATCH', `users/${id}`, {
      key: admin,
      body: { role: 'manager' },
      headers: { 'if-match': '"1"' },
    });
    await eventually(async () => {
      expect(await manages(key)).toMatchObject({
        status: 403,
        body: { code: 'totp_setup_required' },
      });
    });
    const anew = (await login(email)).body.access_token;
    expect(await manages(anew)).toMatchObject({ body: { code: 'totp_setup_required' } });
    expect(await me(anew)).toBe(200);

    const secret = await setUpTotp(anew);
    await eventually(async () => (await manages(anew)).status === 200);
    const proof = await proofOf(id, secret);
    expect((await post('totp/end', { password: PASSWORD, ...proof }, { key: anew })).status).toBe(
      204,
    );
    await eventually(async () => (await manages(anew)).status === 403);
  });

  it("lets an admin take another's second factor away, and never its own", async () => {
    const { email, id, access_token: key } = await aSession();
    const reset = (of: string, asking = admin) =>
      call('POST', `users/${of}/reset-totp`, { key: asking });
    expect(await reset(id)).toMatchObject({ status: 409, body: { code: 'totp_not_in_use' } });
    await setUpTotp(key);
    expect(await reset(id)).toMatchObject({ status: 200, body: { totp_enabled: false } });
    await eventually(async () => (await me(key)) === 401);
    const again = await login(email);
    expect(again.status).toBe(200);

    await setUpTotp(again.body.access_token);
    const users = app.app.get(UserStore);
    await users.inTransaction((tx) => users.change(tx, id, { role: 'admin' }));
    await eventually(async () => {
      for (const act of ['reset-totp', 'reset-password']) {
        expect(
          await call('POST', `users/${id}/${act}`, { key: again.body.access_token }),
        ).toMatchObject({ status: 409, body: { code: 'own_account' } });
      }
    });
    expect((await login(email)).body).toMatchObject({ code: 'totp_required' });
  });

  it('holds back who tries codes or passwords within a session', async () => {
    const { access_token: key } = await aSession();
    const tries = async () => (await post('totp/end', { password: OTHER }, { key })).status;
    const statuses: number[] = [];
    for (let at = 0; at < 6; at += 1) statuses.push(await tries());
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
  });

  it('holds back who guesses from a strange network, and not the owner at home', async () => {
    const { email } = await aPerson();
    expect((await login(email)).status).toBe(200);
    const guess = () =>
      app.app.inject({
        method: 'POST',
        url: '/api/v1/auth/login',
        remoteAddress: '198.51.100.7',
        payload: { email, password: OTHER },
      });
    const statuses: number[] = [];
    for (let at = 0; at < 6; at += 1) statuses.push((await guess()).statusCode);
    const held = await guess();

    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect(held.json()).toMatchObject({ code: 'sign_in_held', retryable: true });
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
    expect((await login(email)).status).toBe(200);
  });

  it('keeps no password and no token anywhere in the database or the logs', async () => {
    const { refresh_token, access_token, id } = await aSession();
    const rows = await app.app.inject({
      method: 'GET',
      url: `/api/v1/users/${id}`,
      headers: { authorization: `Bearer ${admin}` },
    });
    expect(rows.body).not.toMatch(/argon2|password_hash|totp_box/);
    const logged = app.lines.join('\n');
    for (const secret of [PASSWORD, refresh_token, access_token]) {
      expect(logged).not.toContain(secret);
    }
    expect(await new PasswordHasher().matches(PASSWORD, null)).toBe(false);
  });

  it('lists sign-ins and refusals in the audit', async () => {
    const { email, id } = await aPerson();
    await login(email, OTHER);
    await login(email);
    const acts = await eventually(async () => {
      const { body } = await call<{ data: Record<string, unknown>[] }>(
        'GET',
        `audit?subject=user:${id}`,
        { key: admin },
      );
      if (body.data.length < 3) throw new Error('not all of them yet');
      return body.data;
    });
    expect(acts.map(({ act, result, reason }) => [act, result, reason])).toEqual([
      ['session.started', 'done', null],
      ['sign_in.refused', 'refused', 'wrong'],
      ['user.registered', 'done', null],
    ]);
    expect(JSON.stringify(acts)).not.toContain(email);
  });
});
