/** What one round of one contestant came to. */
export interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Also those of the warm-up, as CPU time is counted from the first call to the last. */
  readonly accepted: number;
  /** Answers other than the expected one, by what they were. */
  readonly others: Readonly<Record<string, number>>;
  /** CPU time of the process that asks, per accepted item. */
  readonly clientCpuMs: number;
}

export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

export const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );

// Each round's client is a process of its own, and has to be compiled as well.
const WARM_UP_MS = 1_500;

/** Calls `once` from so many callers for so long; a first part is not measured. */
export async function measure(
  callers: readonly (() => Promise<string | null>)[],
  seconds: number,
): Promise<Measured> {
  const latencies: number[] = [];
  const others: Record<string, number> = {};
  const begin = performance.now() + WARM_UP_MS;
  const end = begin + seconds * 1_000;
  let answered = 0;
  const cpuBefore = process.cpuUsage();
  await Promise.all(
    callers.map(async (call) => {
      for (;;) {
        const from = performance.now();
        if (from >= end) return;
        const problem = await call();
        const to = performance.now();
        if (problem === null) answered += 1;
        if (problem !== null) others[problem] = (others[problem] ?? 0) + 1;
        // What ended within the time counts: a call that takes half of it must not count for nothing.
        else if (to > begin && to <= end) latencies.push(to - from);
      }
    }),
  );
  const cpu = process.cpuUsage(cpuBefore);
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    perSecond: latencies.length / seconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    accepted: answered,
    others,
    clientCpuMs: (cpu.user + cpu.system) / 1_000 / Math.max(1, answered),
  };
}
