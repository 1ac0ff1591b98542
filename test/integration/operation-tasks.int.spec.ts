import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestApp } from '../support/app.js';
import { commandLine, type Ended } from '../support/cli.js';

let app: TestApp;
let folder: string;
let cli: (...args: string[]) => Promise<Ended>;

beforeAll(async () => {
  app = await TestApp.start();
  folder = await mkdtemp(join(tmpdir(), 'operation-tasks-'));
  cli = commandLine({ ...app.environment, JOBS_IN_SERVICE: 'false' });
});

afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('running scheduled jobs from the command line', () => {
  it('runs one now, says what it did, and refuses what there is not', async () => {
    const [ran, unknown] = await Promise.all([
      cli('jobs', 'run', 'session-cleanup'),
      cli('jobs', 'run', 'nothing'),
    ]);
    expect(ran).toMatchObject({ code: 0, stdout: 'session-cleanup: deleted 0 rows\n' });
    expect(unknown.code).toBe(64);
    expect(unknown.stderr).toContain('raw-answer-retention');
  });
});

describe('probing the service with a claim of its own', () => {
  it('counts a probe that has no key that is good, and says at which step it ended', async () => {
    const key = join(folder, 'key.json');
    await writeFile(key, JSON.stringify({ apiKey: 'made-up', receivingAccountId: 'none' }));
    const probing = { ...app.environment, PROBE_URL: app.url, PROBE_KEY_FILE: key };
    const { code, stdout } = await commandLine({ ...probing, LOG_LEVEL: 'warn' })(
      'jobs',
      'run',
      'probe',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('probe: it failed');
    const listed = await commandLine(probing)('jobs', 'list');
    expect(listed.stdout).toMatch(
      /^probe {2}every 15 min, done never, failed 1 times, last with WalkFailed/m,
    );
  });
});

describe('going through the checklist of a deployment', () => {
  it('names what is missing for production, and what a person must look at', async () => {
    const { code, stdout } = await cli(
      'deployment',
      'check',
      '--for',
      'production',
      '--url',
      app.url,
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok {7}the schema is current$/m);
    expect(stdout).toMatch(/^ok {7}the service is ready$/m);
    expect(stdout).toMatch(/^MISSING {2}TLS alone, with HSTS: .+ is not https$/m);
    expect(stdout).toMatch(/^MISSING {2}metrics are not public/m);
    expect(stdout).toMatch(/^MISSING {2}a backup of the last day: BACKUP_LAST_SUCCESS_FILE/m);
    expect(stdout).toMatch(/^MISSING {2}breached passwords are refused: neither/m);
    expect(stdout).toMatch(/^by eye {3}PERSONAL_DATA_MASTER_KEY/m);
  });
});

describe('restoring from the command line', () => {
  const restore = async (...args: string[]): Promise<Ended> => {
    const passphrase = join(folder, 'passphrase');
    await writeFile(passphrase, 'made-up');
    return cli('restore', '--folder', folder, '--passphrase-file', passphrase, ...args);
  };

  it('tells wrong use, no such instant and nothing there apart by the exit code', async () => {
    const [bare, nonsense, early] = await Promise.all([
      restore(),
      restore('--to', 'yesterday-ish'),
      restore('--to', '2020-01-01T00:00:00Z'),
    ]);
    expect(bare).toMatchObject({ code: 64, stderr: expect.stringContaining('--to is required') });
    expect(nonsense).toMatchObject({ code: 64, stderr: expect.stringContaining('no instant') });
    expect(early).toMatchObject({ code: 65, stderr: expect.stringContaining('no backup') });
  });
});
