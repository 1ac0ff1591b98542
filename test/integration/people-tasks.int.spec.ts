import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { apiCaller } from '../support/api-caller.js';
import { TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

describe('looking after people from the command line', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ environment: { ROLES: 'api,projector' } });
  }, 60_000);

  afterAll(() => app.stop());

  const cli = async (...args: string[]) => {
    const script = [
      '--import',
      join(ROOT, 'test/support/run-typescript.mjs'),
      join(ROOT, 'src/cli/main.ts'),
    ];
    const env = { PATH: process.env['PATH'], ...app.environment };
    const done = run(process.execPath, [...script, ...args], { cwd: ROOT, env });
    return done.then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  };
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

    expect((await cli('keys', 'rotate')).stdout).toContain('signs from');
    const published = await apiCaller(app)<{ keys: object[] }>('GET', '/.well-known/jwks.json');
    expect(published.body.keys.length).toBeGreaterThan(0);
    expect((await cli('tokens', 'flush')).stdout).toBe('Deleted 1 rows.\n');

    const tail = await eventually(
      async () => {
        const { stdout } = await cli('audit', 'tail', '--lines', '50');
        if (!stdout.includes('signing_key.rotated')) throw new Error('not there yet');
        return stdout;
      },
      { withinMs: 15_000 },
    );
    expect(tail).toMatch(/user\.created {2}user:\S+ {2}by process:cli {2}done/);
    expect(tail).toContain('sign_in.refused');
    const { stdout } = await cli('audit', 'tail', '--lines', '1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  }, 60_000);
});
