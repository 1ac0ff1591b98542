import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chown, lstat, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// useradd and groupadd lie in sbin, which an ordinary PATH often lacks.
const SEARCH_PATH = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'].join(delimiter);

/** How root gives up its rights, because PostgreSQL refuses to run as root. */
export type PrivilegeDrop = 'user-namespace' | 'postgres-user';

/** Starts a program of PostgreSQL under an account it accepts. */
export interface Launcher {
  readonly via: PrivilegeDrop | 'own-user';
  /** Who must own the files, as this process sees it; null when ownership is left alone. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  launch(program: string, args: readonly string[]): ChildProcess;
}

/**
 * Chooses how to run the programs: as ourselves, or for root in a user namespace of its own,
 * which works in folders closed to others and adds no account to the machine; where the kernel
 * or a container forbids that, as the account `postgres`, made when it is missing.
 * @throws Error when neither works, with what to do about it
 */
export async function chooseLauncher(
  program: string,
  directory: string,
  only?: PrivilegeDrop,
): Promise<Launcher> {
  if (process.getuid?.() !== 0) return ownUser();
  if (only !== 'postgres-user') {
    const refusal = await failureOf(program, inUserNamespace());
    if (refusal === null) return owning(directory, inUserNamespace());
    if (only === 'user-namespace') throw new Error(`no user namespace: ${refusal}`);
  }
  const launcher = await owning(directory, asUser(await postgresAccount()));
  await requireReach(launcher, program, directory);
  return launcher;
}

async function owning(directory: string, launcher: Launcher): Promise<Launcher> {
  if (launcher.owner !== null) await chown(directory, launcher.owner.uid, launcher.owner.gid);
  return launcher;
}

/** Gives every file of a folder to the launcher's account; a folder may come from another way of running. */
export async function giveFiles(path: string, owner: Launcher['owner']): Promise<void> {
  if (owner === null) return;
  const entry = await lstat(path);
  if (entry.uid !== owner.uid || entry.gid !== owner.gid) await chown(path, owner.uid, owner.gid);
  if (!entry.isDirectory()) return;
  for (const name of await readdir(path)) await giveFiles(join(path, name), owner);
}

const start = (program: string, args: readonly string[], identity: object = {}): ChildProcess =>
  spawn(program, [...args], {
    ...identity,
    cwd: '/',
    // Its own session: a Ctrl-C in the terminal must reach only us, who stop it in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nothing of our environment: it may hold secrets, and PG* variables would change the server.
    ...(process.platform === 'win32' ? {} : { env: { PATH: SEARCH_PATH, LC_ALL: 'C' } }),
  });

const ownUser = (): Launcher => ({ via: 'own-user', owner: null, launch: start });

const inUserNamespace = (): Launcher => ({
  via: 'user-namespace',
  // Root outside is the mapped account inside.
  owner: { uid: 0, gid: 0 },
  launch: (program, args) =>
    start('unshare', ['--user', '--map-user=1000', '--map-group=1000', program, ...args]),
});

const asUser = (owner: { uid: number; gid: number }): Launcher => ({
  via: 'postgres-user',
  owner,
  launch: (program, args) => start(program, args, owner),
});

async function postgresAccount(): Promise<{ uid: number; gid: number }> {
  const ids = async (): Promise<{ uid: number; gid: number }> => {
    const [uid, gid] = await Promise.all([
      run('id', ['-u', 'postgres']),
      run('id', ['-g', 'postgres']),
    ]);
    return { uid: Number.parseInt(uid.stdout, 10), gid: Number.parseInt(gid.stdout, 10) };
  };
  return ids().catch(async () => {
    const options = { env: { PATH: SEARCH_PATH } };
    try {
      await run('groupadd', ['--force', 'postgres'], options);
      await run('useradd', ['--gid', 'postgres', '--no-create-home', 'postgres'], options);
    } catch (cause) {
      throw new Error(
        'PostgreSQL refuses to run as root, and neither a user namespace nor an account "postgres" ' +
          'could be made; run as an ordinary user',
        { cause },
      );
    }
    return ids();
  });
}

async function requireReach(launcher: Launcher, program: string, directory: string): Promise<void> {
  const why =
    'PostgreSQL refuses to run as root, so it runs as the account "postgres", which cannot';
  const cure =
    'open the folders above it to others (chmod o+x), move it, or run as an ordinary user';
  const refused = await failureOf(program, launcher);
  if (refused !== null) throw new Error(`${why} run ${program} (${refused}); ${cure}`);
  const folder = await failureOf('test', launcher, ['-x', directory]);
  if (folder !== null) throw new Error(`${why} enter ${directory}; ${cure}`);
}

/** Runs a program that ends at once; null when it went well, else the reason. */
function failureOf(
  program: string,
  launcher: Launcher,
  args: readonly string[] = ['--version'],
): Promise<string | null> {
  return new Promise((resolve) => {
    const child = launcher.launch(program, args);
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? null : output.trim() || `exit ${code}`));
  });
}
