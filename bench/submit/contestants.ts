import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { HttpLoad } from './http-load.js';
import type { Measured } from './measured.js';
import type { RawLoad } from './raw-append.js';

const ROOT = resolve(import.meta.dirname, '../..');
const LOADER = join(ROOT, 'test/support/run-typescript.mjs');

/** Starts one of our TypeScript programs as it stands. */
export const spawnTypescript = (
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess =>
  spawn(process.execPath, ['--import', LOADER, join(ROOT, program), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** The first line that a program prints, as JSON. @throws Error when it ends without one */
export async function firstLine<T>(child: ChildProcess): Promise<T> {
  if (child.stdout === null) throw new Error('the program has no output');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as T;
  throw new Error('the program printed nothing');
}

async function round(program: string, load: HttpLoad | RawLoad): Promise<Measured> {
  const child = spawnTypescript(program, [JSON.stringify(load)]);
  const exited = once(child, 'exit');
  const measured = await firstLine<Measured>(child);
  await exited;
  const [problem] = Object.entries(measured.others);
  if (problem !== undefined) throw new Error(`${program}: ${problem[1]} times ${problem[0]}`);
  return measured;
}

export const submitOverHttp = (load: HttpLoad): Promise<Measured> =>
  round('bench/submit/http-load.ts', load);

export const appendRaw = (load: RawLoad): Promise<Measured> =>
  round('bench/submit/raw-append.ts', load);
