import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserStore } from '../../src/access/users/user.store.js';
import { apiCaller } from '../support/api-caller.js';
import { TestApp } from '../support/app.js';
import { commandLine } from '../support/cli.js';
import { eventually } from '../support/eventually.js';

describe('looking after people from the command line', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ environment: { ROLES: 'api,projector' } });
  });

  afterAll(() => app.stop());

  const cli = (...args: string[]) => commandLine(app.environment)(...args);
  const login = (email: string, password: string) =>
    apiCaller(app)('POST', 'auth/login', { body: { email, password } });

  it('makes the first admin, resets its password, rotates the signing key and tells of it', async () => {
    const email = 'first@example.com';
    const made = await cli('admin', 'create', '--email', email, '--name', 'First');
    expect(made).toMatchObject({ code: 0 });
    const password = made.stdout.trim().split('\n').at(-1) ?? '';
    const signedIn = await login(email, password);
    expect(signedIn.status).toBe(200);
    const key = String(signedIn.body['access_token']);
    expect((await apiCaller(app)('GET', 'users', { key })).body).toMatchObject({
      code: 'password_change_required',
    });

    const again = await cli('admin', 'create', '--email', email, '--name', 'First');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('email_taken') });
    const reset = await cli('admin', 'password', '--email', email);
    const fresh = reset.stdout.trim().split('\n').at(-1) ?? '';
    expect((await login(email, password)).status).toBe(401);
    expect((await login(email, fresh)).status).toBe(200);

    const totpReset = () => cli('admin', 'totp-reset', '--email', email);
    expect(await totpReset()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('totp_not_in_use'),
    });
    const users = app.app.get(UserStore);
    const { user_id: userId } = (await users.findByEmail(email)) ?? { user_id: '' };
    await users.inTransaction((tx) =>
      users.change(tx, userId, {
        totp_box: Buffer.alloc(1),
        totp_confirmed: true,
      }),
    );
    expect(await totpReset()).toMatchObject({ code: 0 });

    expect((await cli('keys', 'rotate')).stdout).toContain('signs from');
    const published = await apiCaller(app)<{ keys: object[] }>('GET', '/.well-known/jwks.json');
    expect(published.body.keys.length).toBeGreaterThan(0);
    expect((await cli('tokens', 'flush')).stdout).toBe('Deleted 2 rows.\n');

    const tail = await eventually(async () => {
      const { stdout } = await cli('audit', 'tail', '--lines', '50');
      for (const act of ['signing_key.rotated', 'sessions.flushed']) {
        if (!stdout.includes(act)) throw new Error('not there yet');
      }
      return stdout;
    });
    expect(tail).toMatch(/user\.created {2}user:\S+ {2}by process:cli {2}done/);
    expect(tail).toContain('sign_in.refused');
    const { stdout } = await cli('audit', 'tail', '--lines', '1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('seeds a merchant, its key and its people once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'seed-'));
    try {
      const out = join(folder, 'demo.json');
      const seed = () => cli('seed', '--account', '01340000000000000001', '--out', out);
      expect(await seed()).toMatchObject({ code: 0, stderr: '' });
      const first = await readFile(out, 'utf8');
      const demo = JSON.parse(first) as {
        readonly apiKey: string;
        readonly users: readonly { readonly email: string; readonly temporaryPassword: string }[];
      };
      expect(await seed()).toMatchObject({ code: 0, stderr: '' });
      expect(await readFile(out, 'utf8')).toBe(first);

      const listed = await apiCaller(app)('GET', 'transactions', { key: demo.apiKey });
      expect(listed.status).toBe(200);
      expect(demo.users).toHaveLength(2);
      for (const { email, temporaryPassword } of demo.users) {
        expect((await login(email, temporaryPassword)).status).toBe(200);
      }

      // The file is gone: the key is another, the people are those who were there, with their passwords.
      await rm(out);
      expect(await seed()).toMatchObject({ code: 0 });
      const anew = JSON.parse(await readFile(out, 'utf8')) as typeof demo;
      expect(anew.apiKey).not.toBe(demo.apiKey);
      expect(anew.users).toEqual([]);
      expect(await cli('seed')).toMatchObject({ code: 64 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
