import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { LocalFolder } from '../../src/cli/local/local-folder.js';
import type { ProcessPlan } from '../../src/cli/local/managed-process.js';
import { freePort } from '../../src/cli/local/ports.js';
import { identityOf } from '../../src/cli/local/process-identity.js';
import { Supervisor } from '../../src/cli/local/supervisor.js';
import { eventually } from '../support/eventually.js';

const PROCESSES = resolve(import.meta.dirname, '../fixtures/processes');

let directory: string;
let said: string[];
let folder: LocalFolder;
let supervisor: Supervisor;

const say = (line: string) => said.push(line);
const notes = async () =>
  (await readFile(join(directory, 'notes'), 'utf8').catch(() => '')).trimEnd().split('\n');

const plan = (name: string): ProcessPlan => ({
  name,
  script: join(PROCESSES, 'says-ready.mjs'),
  args: [join(directory, 'notes'), name],
  environment: {},
  readiness: 'json-line',
});

const pidOf = async (name: string): Promise<number> => {
  const text = await readFile(folder.at('processes', `${name}.json`), 'utf8');
  return (JSON.parse(text) as { pid: number }).pid;
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'constancia-local-'));
  said = [];
  folder = await LocalFolder.take(directory);
  supervisor = new Supervisor(folder, say);
});

afterEach(async () => {
  await supervisor.stop();
  await folder.release();
  await rm(directory, { recursive: true, force: true });
});

describe('supervising the processes of a local run', () => {
  it('stops them in the opposite order of their start', async () => {
    await supervisor.start(plan('first'));
    await supervisor.start(plan('second'));
    await supervisor.stop();

    expect(await notes()).toEqual([
      'first started',
      'second started',
      'second stopped',
      'first stopped',
    ]);
  });

  it('starts one that was killed again, and says so', async () => {
    await supervisor.start(plan('bank'));
    process.kill(await pidOf('bank'), 'SIGKILL');
    await eventually(() => expect(said).toContain('bank is up again.'));

    expect(said[0]).toBe('bank ended (SIGKILL); starting it again, 1 of at most 5 times a minute.');
    expect(await notes()).toEqual(['bank started', 'bank started']);
  });

  it('gives up on one that dies again and again', async () => {
    await supervisor.start(plan('bank'));
    for (let deaths = 1; deaths <= 6; deaths += 1) {
      process.kill(await pidOf('bank'), 'SIGKILL');
      if (deaths === 6) break;
      const revived = (): void => {
        expect(said.filter((line) => line === 'bank is up again.')).toHaveLength(deaths);
      };
      await eventually(revived);
    }

    await expect(supervisor.broken).rejects.toThrow('bank ended 6 times within a minute');
  });

  it('tells the last words of one that cannot start', async () => {
    const ending = { ...plan('store'), script: join(PROCESSES, 'ends-at-once.mjs') };

    await expect(supervisor.start(ending)).rejects.toThrow(
      /^store ended \(exit 3\) before it was ready; see .+store\.log\n {2}no disk$/,
    );
  });

  it('ends what an earlier supervisor left behind', async () => {
    const survivor = spawn(process.execPath, [
      plan('bank').script,
      join(directory, 'notes'),
      'old',
    ]);
    await once(survivor.stdout, 'data');
    await writeFile(
      folder.at('processes', 'bank.json'),
      JSON.stringify(await identityOf(survivor.pid ?? 0)),
    );
    const exited = once(survivor, 'exit');
    await supervisor.endSurvivors();
    await exited;

    expect(said).toEqual([
      `Stopping bank (process ${survivor.pid}), which an earlier run left behind.`,
    ]);
    expect(await notes()).toEqual(['old started', 'old stopped']);
  });

  it('leaves a stranger alone that has the pid of an earlier process', async () => {
    await writeFile(
      folder.at('processes', 'bank.json'),
      JSON.stringify({ pid: process.pid, started: 'long ago' }),
    );
    await supervisor.endSurvivors();

    expect(said).toEqual([]);
  });
});

describe('holding the data folder', () => {
  it('refuses a second supervisor', async () => {
    await expect(LocalFolder.take(directory)).rejects.toThrow(
      `is in use by process ${process.pid}; stop that one, or choose another folder`,
    );
  });

  it('says what to do where no folder can be made', async () => {
    await writeFile(join(directory, 'file'), '');

    // In /proc the system refuses a folder as if the one above it were missing.
    for (const refused of [join(directory, 'file'), '/proc/data', '/proc/data/of/a/run']) {
      await expect(LocalFolder.take(refused)).rejects.toThrow(
        /^no data can be kept there \(.+\); choose another: make run DATA=folder$/,
      );
    }
  });

  it('makes the folders above it', async () => {
    const deep = await LocalFolder.take(join(directory, 'data', 'of a run'));

    expect((await stat(join(deep.path, 'logs'))).mode & 0o777).toBe(0o700);
    await deep.release();
  });

  it('takes over from one that died', async () => {
    await folder.release();
    await writeFile(join(directory, 'supervisor.json'), '{"pid":1,"started":"long ago"}');

    folder = await LocalFolder.take(directory);

    expect(await readFile(join(directory, 'supervisor.pid'), 'utf8')).toBe(`${process.pid}\n`);
  });

  it('makes its secrets once, for the owner only', async () => {
    const made = await folder.secrets();

    expect(await folder.secrets()).toEqual(made);
    expect(Buffer.from(made.masterKey, 'base64')).toHaveLength(32);
    expect((await stat(folder.at('secrets.json'))).mode & 0o777).toBe(0o600);
  });

  it('keeps the variables of the service as Node reads them, for the owner only', async () => {
    const variables = { DATABASE_URL: 'postgresql://a:b@host/c?d=e#f', SCHEDULE: '0,2 3' };
    await folder.keepEnvironment(variables);

    const kept = await readFile(folder.at('service.env'), 'utf8');
    expect(parseEnv(kept)).toEqual(variables);
    expect((await stat(folder.at('service.env'))).mode & 0o777).toBe(0o600);
  });
});

describe('choosing ports', () => {
  it('takes another one, and says so, when the preferred one is taken', async () => {
    const taken = createServer().listen({ host: '127.0.0.1', port: 0 });
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };

    const other = await freePort('the API', port, say);
    taken.close();

    expect(other).not.toBe(port);
    expect(said).toEqual([`Port ${port} is taken; the API uses ${other}.`]);
  });
});
