import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { identityOf, lives, type ProcessIdentity } from './process-identity.js';

/** What must stay the same for as long as the data lives. Made-up values: nothing here opens anything elsewhere. */
export interface LocalSecrets {
  readonly masterKey: string;
  readonly indexKey: string;
  readonly bankClientId: string;
  readonly bankClientSecret: string;
  /** The key at the second bank. */
  readonly bankApiKey: string;
}

const makeSecrets = (): LocalSecrets => ({
  masterKey: randomBytes(32).toString('base64'),
  indexKey: randomBytes(32).toString('base64'),
  bankClientId: `sandbox-${randomBytes(6).toString('hex')}`,
  bankClientSecret: randomBytes(24).toString('base64url'),
  bankApiKey: randomBytes(24).toString('base64url'),
});

/** Writes under another name first, so that a crash leaves the old file or the new one, never half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.partial`, 'w', 0o600);
  await file.writeFile(text);
  await file.sync();
  await file.close();
  await rename(`${path}.partial`, path);
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * Makes the folder and those above it. Node's own `recursive` tries for ever where a folder is refused as if the one above
 * it were missing, as the system does in /proc (Node 24.21).
 */
async function makeFolders(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await makeFolders(dirname(path));
  await mkdir(path, { mode: 0o700 }).catch(async (error: unknown) => {
    // Another process may have been faster.
    if (!(await isFolder(path))) throw error;
  });
}

async function makeFolder(path: string): Promise<void> {
  try {
    await makeFolders(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`no data can be kept there (${why}); choose another: make run DATA=folder`, {
      cause,
    });
  }
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Error(`${path} cannot be read; move it away or delete the folder`, { cause });
  }
}

/** The folder that `make run` keeps everything in, held by one supervisor at a time. */
export class LocalFolder {
  private constructor(readonly path: string) {}

  /**
   * Takes the folder, making it when missing.
   * @throws Error when another supervisor holds it
   */
  static async take(directory: string): Promise<LocalFolder> {
    const folder = new LocalFolder(resolve(directory));
    await makeFolder(folder.at('logs'));
    await makeFolder(folder.at('processes'));
    await folder.lock();
    return folder;
  }

  at(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  async release(): Promise<void> {
    await rm(this.at('supervisor.pid'), { force: true });
    await rm(this.at('supervisor.json'), { force: true });
  }

  /** The secrets of this data: made once, readable by the owner only. */
  async secrets(): Promise<LocalSecrets> {
    const path = this.at('secrets.json');
    const known = (await readJson(path)) as Partial<LocalSecrets> | null;
    // A folder of an earlier version lacks those that were added since.
    const made = { ...makeSecrets(), ...known };
    if (known !== null && Object.keys(made).every((name) => name in known)) return made;
    await writeWhole(path, `${JSON.stringify(made, null, 2)}\n`);
    return made;
  }

  /** The variables of the service, for `npm run cli:local`; they hold secrets, so the owner alone may read them. */
  async keepEnvironment(variables: Readonly<Record<string, string>>): Promise<void> {
    const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`);
    await writeWhole(this.at('service.env'), lines.join(''));
  }

  private async lock(): Promise<void> {
    const own = await identityOf(process.pid);
    const path = this.at('supervisor.json');
    for (let tries = 1; ; tries += 1) {
      try {
        await writeFile(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
        // The plain pid is for people and for the Makefile.
        await writeFile(this.at('supervisor.pid'), `${process.pid}\n`);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries === 3) throw error;
        const holder = (await readJson(path)) as ProcessIdentity | null;
        if (holder !== null && (await lives(holder))) {
          throw new Error(
            `${this.path} is in use by process ${holder.pid}; stop that one, or choose another ` +
              'folder: make run DATA=folder',
            { cause: error },
          );
        }
        await rm(path, { force: true });
      }
    }
  }
}
