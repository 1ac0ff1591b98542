import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a running server writes about itself into its cluster. */
interface Postmaster {
  readonly pid: number;
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; null when there is none. */
export async function readPostmaster(cluster: string): Promise<Postmaster | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  // The eighth line is the status; pg_ctl waits for the same word.
  return Number.isNaN(pid) ? null : { pid, ready: (lines[7] ?? '').trim() === 'ready' };
}

/**
 * Ends a server that outlived its keeper (`kill -9` of a parent leaves PostgreSQL running).
 * @throws Error when the keeper still lives, or when the server does not end
 */
export async function endSurvivor(cluster: string, keeperPid: number | null): Promise<void> {
  const postmaster = await readPostmaster(cluster);
  if (postmaster === null) return;
  if (!(await isServerOf(cluster, postmaster.pid))) {
    // The pid belongs to nobody or, after a reboot, to a stranger: PostgreSQL would refuse to start.
    await rm(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  if (keeperPid !== null && (await parentOf(postmaster.pid)) === keeperPid) {
    throw new Error(`${cluster} is in use by process ${keeperPid}`);
  }
  await endServer(cluster, postmaster.pid);
}

/** Fast shutdown, and an immediate one (the next start recovers) when that takes too long. */
export async function endServer(cluster: string, pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    signalTo(pid, signal);
    if (await gone(cluster, pid, 10_000)) return;
  }
  throw new Error(`PostgreSQL (process ${pid}) does not end`);
}

async function gone(cluster: string, pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    // Asked by its command line, not by its pid: a dead process keeps its pid until someone reaps it,
    // and for an orphan in a container nobody may.
    if (!(await isServerOf(cluster, pid))) return true;
    await delay(20);
  }
  return false;
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => askPs(pid, 'command'));
  return command.includes('postgres') && command.includes(cluster);
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  const text =
    status === null ? await askPs(pid, 'ppid') : (/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? '');
  return Number.parseInt(text, 10);
}

/** Where there is no /proc (macOS). */
async function askPs(pid: number, column: string): Promise<string> {
  const answer = await run('ps', ['-o', `${column}=`, '-p', String(pid)]).catch(() => null);
  return answer?.stdout ?? '';
}
