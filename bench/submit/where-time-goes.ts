import { cpuMsOf } from './process-figures.js';

/** Processes whose CPU time is told apart, by name. */
export type Watched = Readonly<Record<string, readonly number[]>>;

async function cpuMs(pids: readonly number[]): Promise<number> {
  const each = await Promise.all(pids.map((pid) => cpuMsOf(pid)));
  return each.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
}

/** CPU milliseconds that each process used while the work ran. */
export async function cpuDuring<T>(
  watched: Watched,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly cpuMs: Readonly<Record<string, number>> }> {
  const names = Object.keys(watched);
  const before = await Promise.all(Object.values(watched).map(cpuMs));
  const result = await work();
  const after = await Promise.all(Object.values(watched).map(cpuMs));
  return {
    result,
    cpuMs: Object.fromEntries(
      names.map((name, at) => [name, (after[at] ?? 0) - (before[at] ?? 0)]),
    ),
  };
}
