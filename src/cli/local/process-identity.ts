import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process as a file can name it: the pid alone may belong to another one by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the kernel says it began, in the kernel's own words; only equality means anything. */
  readonly started: string;
}

/** When a living process began; null when there is none, or it is dead and only waits to be reaped. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat !== null) {
    // The name in parentheses may hold blanks; the state is the first field after it, the start the twentieth.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  }
  if (process.platform === 'linux') return null;
  const answer = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => null);
  return answer === null || answer.stdout.trim() === '' ? null : answer.stdout.trim();
}

/** Names a living process so that it can be told from a later one with its pid; null when it is gone. */
export async function identityOf(pid: number): Promise<ProcessIdentity | null> {
  const started = await startOf(pid);
  return started === null ? null : { pid, started };
}

/** Whether the very process that was named still lives. */
export const lives = async ({ pid, started }: ProcessIdentity): Promise<boolean> =>
  (await startOf(pid)) === started;

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
