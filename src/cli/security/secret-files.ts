// Where generated secrets are put: readable by their owner alone, and never in place of others unless told so.
import { chmod, mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../task.js';
import type { GeneratedSecret } from './generated-secrets.js';

const line = ({ name, value }: GeneratedSecret): string => `${name}=${value}\n`;

/** Lines of a file that shells, compose and systemd read alike: no value needs quoting. */
export const asEnvironment = (secrets: readonly GeneratedSecret[]): string =>
  secrets.map(line).join('');

/** The content of each file by its name. */
export function asFiles(secrets: readonly GeneratedSecret[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const secret of secrets) {
    const named = secret.file.endsWith('.env');
    files.set(secret.file, (files.get(secret.file) ?? '') + (named ? line(secret) : secret.value));
  }
  return files;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** @throws UsageError when a file is there already and `force` is not given */
export async function writeSecretFiles(
  files: ReadonlyMap<string, string>,
  force: boolean,
): Promise<void> {
  const paths = [...files.keys()];
  const taken = await Promise.all(paths.map(exists));
  const first = paths.find((_, at) => taken[at]);
  // All are looked at before one is written: half a set of old and half of new would fit nothing.
  if (first !== undefined && !force) {
    throw new UsageError(
      `${first} is there already; --force replaces it, and what the old secrets locked cannot be read again`,
    );
  }
  for (const [path, content] of files) {
    if (force) await rm(path, { force: true });
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

/** A folder that others may not even look into. */
export async function closedFolder(path: string): Promise<(file: string) => string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  return (file) => join(path, file);
}
