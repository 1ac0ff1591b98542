import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestApp } from '../support/app.js';
import { commandLine, type Ended } from '../support/cli.js';

describe('looking after the security of an installation from the command line', () => {
  let app: TestApp;
  let folder: string;
  let cli: (...args: string[]) => Promise<Ended>;

  beforeAll(async () => {
    app = await TestApp.start();
    cli = commandLine(app.environment);
    folder = await mkdtemp(join(tmpdir(), 'security-tasks-'));
  });

  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('makes secrets that it then has nothing to say against', async () => {
    const out = join(folder, 'secrets.env');
    expect(await cli('secrets', 'generate', '--all', '--out', out)).toMatchObject({ code: 0 });
    const again = await cli('secrets', 'generate', '--all', '--out', out);
    expect(again).toMatchObject({ code: 64, stderr: expect.stringContaining('is there already') });

    const lines = (await readFile(out, 'utf8')).trim().split('\n');
    const secrets = lines.map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    });
    const sound = commandLine({
      ...app.environment,
      ...Object.fromEntries(secrets),
      PUBLIC_URL: 'https://api.example.com',
      PLAIN_STORES_BECAUSE: 'one machine',
      BANESCO_BASE_URL: 'https://bank.example.com',
      BANESCO_TOKEN_URL: 'https://bank.example.com/token',
      BANESCO_CLIENT_ID: 'C0981',
      BANESCO_CLIENT_SECRET: 'kd83Jd0-qPz71xYuL2',
      RATE_LIMIT_DEFAULT: '100/60',
      RATE_LIMIT_LOGIN: '10/60',
      RATE_LIMIT_REGISTER: '5/60',
    });
    expect(await sound('security', 'check', '--offline')).toMatchObject({ code: 0, stderr: '' });
    const asked = await sound('security', 'check');
    expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be looked') });
  });

  it('names what is unsafe in the settings of a test, and shows no secret', async () => {
    const { code, stderr } = await cli('security', 'check');
    expect(code).toBe(1);
    expect(stderr).toContain('PERSONAL_DATA_INDEX_KEY: is the same secret as');
    expect(stderr).toContain('PUBLIC_URL: is plain HTTP');
    expect(stderr).toContain('RATE_LIMIT_DEFAULT: limits nothing');
    // The tests' role is an ordinary one.
    expect(stderr).not.toContain('its role');
    for (const name of ['PERSONAL_DATA_MASTER_KEY', 'DATABASE_URL']) {
      expect(stderr).not.toContain(app.environment[name] ?? 'nothing');
    }
  });

  it('names each variable that is wrong, without its value', async () => {
    const { PUBLIC_URL: _, ...environment } = app.environment;
    const wrong = commandLine({ ...environment, CORS_ORIGINS: '*', DATABASE_URL: 'mysql://x' });
    const { code, stderr } = await wrong('security', 'check');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^CORS_ORIGINS: must name each one, without \*/m);
    expect(stderr).toMatch(/^DATABASE_URL: must begin with/m);
    expect(stderr).not.toContain('mysql://x');
  });

  it('finds every endpoint as it is documented, with a key and without', async () => {
    const key = join(folder, 'key');
    await writeFile(key, await app.issueKey(['admin', 'transactions:read', 'finance:read']));
    const checked = await cli('endpoints', 'check', '--url', app.url, '--key-file', key);
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout).toMatch(/^Asked \d{2,} endpoints of this build; 0 do not answer/m);
    expect(checked.stdout).toMatch(/differs in 0 places\.$/m);
  });

  it('names the endpoints that answer otherwise', async () => {
    const bent = await bentCopyOf(app);
    try {
      const { port } = bent.address() as AddressInfo;
      const { code, stderr } = await cli('endpoints', 'check', '--url', `http://127.0.0.1:${port}`);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^GET \/livez: \/status differs/m);
      expect(stderr).toMatch(/^GET \/readyz: answers 500 instead of 200$/m);
      expect(stderr).toMatch(/^GET \/api\/v1\/audit: answers 200 instead of 401$/m);
      expect(stderr).toMatch(/^GET \/startupz: the header x-content-type-options is missing/m);
      expect(stderr).toMatch(/^\/openapi\.json: GET \/livez: is described otherwise/m);
      expect(stderr).not.toMatch(/^GET \/api\/v1\/health:/m);
    } finally {
      bent.close();
    }
    const nobody = await cli('endpoints', 'check', '--url', 'http://127.0.0.1:9');
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('/openapi.json') });
    expect(await cli('endpoints', 'check', '--url', 'nowhere')).toMatchObject({ code: 64 });
  });

  it.each([
    [['secrets', 'generate']],
    [['security', 'check']],
    [['endpoints', 'check']],
    [['admin', 'create']],
    [['admin', 'password']],
    [['tokens', 'flush']],
    [['seed']],
    [['keys', 'rotate']],
  ])('says how %j is used', async (command) => {
    const { code, stdout } = await cli(...command, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`${command.join(' ')} [options]`);
  });
});

/** The same service behind a door that spoils some of its answers. */
async function bentCopyOf({ url }: TestApp): Promise<Server> {
  const bent = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = 'GET', url: path = '/' } = request;
      const { authorization, 'content-type': type } = request.headers;
      const answer = await fetch(new URL(path, url), {
        method,
        headers: {
          ...(authorization === undefined ? {} : { authorization }),
          ...(type === undefined ? {} : { 'content-type': type }),
        },
        ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
      });
      const text = await answer.text();
      const headers = Object.fromEntries(answer.headers);
      if (path === '/startupz') delete headers['x-content-type-options'];
      delete headers['transfer-encoding'];
      delete headers['content-length'];
      const status = path === '/readyz' ? 500 : path === '/api/v1/audit' ? 200 : answer.status;
      response.writeHead(status, headers);
      const told = path === '/openapi.json' ? bentDocument(text) : text;
      response.end(path === '/livez' ? text.replace('"pass"', '7') : told);
    })();
  });
  return new Promise((done) => bent.listen(0, '127.0.0.1', () => done(bent)));
}

/** Of another build: one operation is told otherwise. */
function bentDocument(text: string): string {
  const document = JSON.parse(text) as { paths: Record<string, { get: { summary: string } }> };
  const livez = document.paths['/livez'];
  if (livez !== undefined) livez.get.summary = 'of another build';
  return JSON.stringify(document);
}
