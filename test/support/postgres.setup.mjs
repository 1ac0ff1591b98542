// Starts one real PostgreSQL for a whole run of jest; every test file makes its own database in it.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');

async function startPostgres() {
  // A run against a server of one's own, such as the service container of CI.
  if (process.env.TEST_POSTGRES_URL !== undefined) return;
  const directory = await mkdtemp(join(tmpdir(), 'test-postgres-'));
  const server = spawn(
    process.execPath,
    [
      '--import',
      join(root, 'test/support/run-typescript.mjs'),
      join(root, 'src/stand-ins/postgres-node/postgres-node.main.ts'),
      '--directory',
      directory,
      '--not-durable',
      // Should this run be killed, its input ends and the server with it.
      '--stop-with-stdin',
    ],
    { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  globalThis.testPostgres = { server, directory };
  // For those who look into the server's files; unknown for a server of one's own.
  process.env.TEST_POSTGRES_DIRECTORY = directory;
  for await (const line of createInterface({ input: server.stdout })) {
    const ready = JSON.parse(line);
    const password = await readFile(ready.password_file, 'utf8');
    process.env.TEST_POSTGRES_URL = `postgresql://${ready.user}:${password.trim()}@${ready.host}:${ready.port}/${ready.database}`;
    return;
  }
  throw new Error('PostgreSQL ended before it was ready');
}

// jest looks for a default export.
export { startPostgres as default };
