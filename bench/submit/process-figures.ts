import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { availableParallelism, cpus, totalmem } from 'node:os';

// The kernel counts CPU time in these (USER_HZ, 100 on every Linux that Node supports).
const TICK_MS = 10;

/** CPU milliseconds that a process and the children it has waited for have used; null off Linux. */
export async function cpuMsOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Resident memory in MB; null off Linux. */
export async function residentMb(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return kb === undefined ? null : Math.round(Number(kb) / 1024);
}

/** What the figures were measured on. */
export const machine = (): string =>
  `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ` +
  `${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.version}`;

/** The server processes of a PostgreSQL: the one that `postmaster.pid` names, and its children. */
export async function postgresPids(cluster: string): Promise<number[]> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const postmaster = Number.parseInt(text, 10);
  if (Number.isNaN(postmaster)) return [];
  const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').catch(
    () => '',
  );
  return [postmaster, ...children.trim().split(' ').filter(Boolean).map(Number)];
}
