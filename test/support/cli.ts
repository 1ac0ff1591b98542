import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs commands of the command line, each in a process of its own, with nothing of this one's environment. */
export const commandLine =
  (environment: Readonly<Record<string, string>>) =>
  (...args: string[]): Promise<Ended> => {
    const script = [
      '--import',
      join(ROOT, 'test/support/run-typescript.mjs'),
      join(ROOT, 'src/cli/main.ts'),
    ];
    const env = { PATH: process.env['PATH'], ...environment };
    return run(process.execPath, [...script, ...args], { cwd: ROOT, env }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: Ended) => error,
    );
  };
