import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = resolve(import.meta.dirname, '../..');
// With the memory for young objects that `npm run cli` gives it.
const PROGRAM = join(ROOT, 'dist/cli/main.js');

export interface CommandResult {
  readonly figures: unknown;
  /** Largest resident memory; null where the system does not say. */
  readonly peakMb: number | null;
}

/** Runs a command of the built command line, shows what it says, and reads the JSON of its last line. */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<CommandResult> {
  const child = spawn(process.execPath, ['--max-semi-space-size=32', PROGRAM, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peakMb: number | null = null;
  const watching = setInterval(() => {
    void peakOf(child.pid ?? 0).then((mb) => (peakMb = mb ?? peakMb));
  }, 200);
  let last = '';
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (last !== '') say(last);
      last = line;
    }
  } finally {
    clearInterval(watching);
  }
  return { figures: JSON.parse(last) as unknown, peakMb };
}

async function peakOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /VmHWM:\s+(\d+)/.exec(status)?.[1];
  return kib === undefined ? null : Math.round(Number.parseInt(kib, 10) / 1024);
}
