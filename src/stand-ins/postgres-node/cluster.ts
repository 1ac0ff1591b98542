import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { PostgresBinaries } from './postgres-binaries.js';
import { giveFiles, type Launcher } from './privileges.js';

const MAJOR_VERSION = '18';

/** The role that owns the database; an ordinary one, as a managed PostgreSQL would give. */
export const OWNER_ROLE = 'constancia';
export const DATABASE = 'constancia';
const SUPERUSER = 'postgres';

/** Where things lie in the given directory. */
export const clusterPath = (directory: string): string => join(directory, 'cluster');
export const passwordPath = (directory: string): string => join(directory, 'password');

/** The password of this directory's server; made at the first start, readable by the owner only. */
export async function loadPassword(directory: string): Promise<string> {
  const path = passwordPath(directory);
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known.trim() !== '') return known.trim();
  const password = randomBytes(24).toString('base64url');
  // Under another name first: a half-written password would lock the cluster it was made for.
  const file = await open(`${path}.partial`, 'w', 0o600);
  await file.writeFile(`${password}\n`);
  await file.sync();
  await file.close();
  await rename(`${path}.partial`, path);
  return password;
}

/**
 * Makes the cluster unless it is there. It grows under another name, so that a start that
 * was cut short leaves nothing that looks complete.
 * @throws Error for a cluster of another PostgreSQL, or when initdb fails
 */
export async function prepareCluster(
  directory: string,
  binaries: PostgresBinaries,
  launcher: Launcher,
  durable: boolean,
): Promise<void> {
  const cluster = clusterPath(directory);
  await giveFiles(passwordPath(directory), launcher.owner);
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version !== null && version.trim() !== MAJOR_VERSION) {
    throw new Error(`${cluster} belongs to PostgreSQL ${version.trim()}; this is ${MAJOR_VERSION}`);
  }
  if (version === null) {
    const partial = `${cluster}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { mode: 0o700 });
    await giveFiles(partial, launcher.owner);
    await runToEnd(launcher, binaries.initdb, initdbArguments(directory, partial, durable));
    await rename(partial, cluster);
  }
  await giveFiles(cluster, launcher.owner);
}

const initdbArguments = (directory: string, partial: string, durable: boolean): string[] => [
  `--pgdata=${partial}`,
  `--username=${SUPERUSER}`,
  `--pwfile=${passwordPath(directory)}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  // PostgreSQL's own C.UTF-8: the same order of text on every system, whatever locales it has.
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  ...(durable ? [] : ['--no-sync']),
];

/** Makes the role and the database unless they are there; a start may have been cut short before. */
export async function ensureDatabase(port: number, password: string): Promise<void> {
  const superuser = new Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 10_000,
  });
  await superuser.connect();
  try {
    // The statement below holds the password: no setting of the server may log it.
    await superuser.query("SET log_statement = 'none'; SET log_min_error_statement = 'panic'");
    const role = await superuser.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [OWNER_ROLE]);
    if (role.rowCount === 0) {
      const secret = superuser.escapeLiteral(password);
      await superuser.query(`CREATE ROLE ${OWNER_ROLE} LOGIN CREATEDB PASSWORD ${secret}`);
    }
    const found = await superuser.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0)
      await superuser.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER_ROLE}`);
  } finally {
    await superuser.end();
  }
}

function runToEnd(launcher: Launcher, program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = launcher.launch(program, args);
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stdout?.resume();
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} failed (exit ${code}): ${output.trim()}`));
    });
  });
}
