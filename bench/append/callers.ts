/** What one run of so many callers came to. */
export interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Does one piece of work; the caller's number and the count of what it has done name it. */
export type Work = (caller: number, count: number) => Promise<unknown>;

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Lets so many callers work side by side, each waiting for its own answer, for a while. */
export async function measure(callers: number, seconds: number, work: Work): Promise<Measured> {
  const latencies: number[] = [];
  const began = performance.now();
  const until = began + seconds * 1000;
  const call = async (caller: number): Promise<void> => {
    for (let count = 0; performance.now() < until; count += 1) {
      const asked = performance.now();
      await work(caller, count);
      latencies.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  const took = (performance.now() - began) / 1000;
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    perSecond: Math.round(latencies.length / took),
    p50Ms: at(sorted, 0.5),
    p99Ms: at(sorted, 0.99),
  };
}

export const median = (values: readonly number[]): number =>
  at(
    values.toSorted((a, b) => a - b),
    0.5,
  );
