import { cpuMsOf } from './process-figures.js';

/** Processes whose CPU time is told apart, by name. */
export type Watched = Readonly<Record<string, readonly number[]>>;

type Readings = ReadonlyMap<number, number>;

async function readAll(pids: readonly number[]): Promise<Readings> {
  const read = async (pid: number) => [pid, await cpuMsOf(pid)] as const;
  const all = await Promise.all(pids.map(read));
  return new Map(all.flatMap(([pid, ms]) => (ms === null ? [] : [[pid, ms] as const])));
}

/** A process that began meanwhile counts whole, one that ended is lost. */
const used = (before: Readings, after: Readings): number =>
  [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0);

/** CPU milliseconds that each process used while the work ran. */
export async function cpuDuring<T>(
  watched: () => Promise<Watched>,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly cpuMs: Readonly<Record<string, number>> }> {
  const readings = async (): Promise<readonly (readonly [string, Readings])[]> =>
    Promise.all(
      Object.entries(await watched()).map(
        async ([name, pids]) => [name, await readAll(pids)] as const,
      ),
    );
  const before = new Map(await readings());
  const result = await work();
  const after = await readings();
  const cpuMs = after.map(([name, now]) => [name, used(before.get(name) ?? new Map(), now)]);
  return { result, cpuMs: Object.fromEntries(cpuMs) as Record<string, number> };
}
