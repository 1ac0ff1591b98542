import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { PostgresNode } from '../../src/stand-ins/postgres-node/postgres-node.js';
import { StandInProcess } from '../support/stand-in-process.js';

const MAIN = 'src/stand-ins/postgres-node/postgres-node.main.ts';

async function ask(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('running a real PostgreSQL in a directory', () => {
  let directory = '';
  const running: { stop(): Promise<unknown> }[] = [];

  const startNode = async (port = 0): Promise<PostgresNode> => {
    const node = await PostgresNode.start({ directory, port, durable: false });
    running.push(node);
    return node;
  };

  const startProcess = async (...args: string[]): Promise<StandInProcess> => {
    const child = await StandInProcess.start(MAIN, [
      '--directory',
      directory,
      '--not-durable',
      ...args,
    ]);
    running.push({ stop: () => child.end() });
    return child;
  };

  const addressOf = (child: StandInProcess): Promise<string> =>
    PostgresNode.connectionStringFor(directory, Number(child.ready['port']));

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'constancia-postgres-'));
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
  });

  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('serves the database constancia to a role that owns it and nothing more', async () => {
    const node = await startNode();
    const [row] = await ask(
      node.connectionString,
      `SELECT current_database() AS name, current_user AS role, rolsuper AS super,
              pg_encoding_to_char(encoding) AS encoding, datlocale AS locale
         FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`,
    );
    expect(row).toEqual({
      name: 'constancia',
      role: 'constancia',
      super: false,
      encoding: 'UTF8',
      locale: 'C.UTF-8',
    });
  });

  it('listens on 127.0.0.1 only, without a socket file', async () => {
    await startNode();
    // PostgreSQL writes where it listens on lines 5 and 6 (socket folder, address) of its pid file.
    const lines = (await readFile(join(directory, 'cluster', 'postmaster.pid'), 'utf8')).split(
      '\n',
    );
    expect(lines.slice(4, 6)).toEqual(['', '127.0.0.1']);
  });

  it('keeps its password from everyone but the owner of the folder', async () => {
    const node = await startNode();
    const file = PostgresNode.passwordFile(directory);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(node.connectionString).toContain((await readFile(file, 'utf8')).trim());
  });

  it('keeps its data over a restart', async () => {
    const first = await startNode();
    await ask(first.connectionString, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
    await first.stop();
    const second = await startNode();
    expect(await ask(second.connectionString, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('starts again after its keeper was killed, and ends the server that was left behind', async () => {
    const first = await startProcess();
    await ask(await addressOf(first), 'CREATE TABLE survivor (n int)');
    const [before] = await ask(
      await addressOf(first),
      'SELECT pg_postmaster_start_time()::text AS at',
    );
    await first.end('SIGKILL');
    const second = await startProcess();
    const [after] = await ask(
      await addressOf(second),
      'SELECT pg_postmaster_start_time()::text AS at',
    );
    expect(after?.['at']).not.toBe(before?.['at']);
    expect(await ask(await addressOf(second), 'SELECT n FROM survivor')).toEqual([]);
  });

  it('starts again after the server itself was killed', async () => {
    const node = await startNode();
    const file = await readFile(join(directory, 'cluster', 'postmaster.pid'), 'utf8');
    process.kill(Number.parseInt(file, 10), 'SIGKILL');
    await node.exited;
    const second = await startNode();
    expect(await ask(second.connectionString, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('starts although the pid it left behind now belongs to another program', async () => {
    await writeFile(join(directory, 'cluster', 'postmaster.pid'), `${process.pid}\n${directory}\n`);
    const node = await startNode();
    expect(await ask(node.connectionString, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('refuses a directory whose server is kept by a living process', async () => {
    await startNode();
    await expect(startNode()).rejects.toThrow(/is in use by process/);
  });

  it('names the port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((listening) => {
      other.listen(0, '127.0.0.1', listening);
    });
    const { port } = other.address() as AddressInfo;
    await expect(startNode(port)).rejects.toThrow(`port ${port} is taken`);
    await new Promise((closed) => other.close(closed));
  });

  it('names both versions when the cluster belongs to another PostgreSQL', async () => {
    const version = join(directory, 'cluster', 'PG_VERSION');
    await writeFile(version, '16\n');
    await expect(startNode()).rejects.toThrow(/belongs to PostgreSQL 16; this is 18/);
    await writeFile(version, '18\n');
  });

  it('prints one ready line without the password, and ends with 0 on SIGTERM', async () => {
    const child = await startProcess();
    const password = await readFile(join(directory, 'password'), 'utf8');
    expect(child.ready).toMatchObject({
      ready: true,
      database: 'constancia',
      user: 'constancia',
    });
    expect(JSON.stringify(child.ready)).not.toContain(password.trim());
    expect(await child.end()).toBe(0);
    await expect(stat(join(directory, 'cluster', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });

  it('ends with its parent when asked to stop with its input', async () => {
    const child = await startProcess('--stop-with-stdin');
    expect(await child.abandon()).toBe(0);
  });
});
