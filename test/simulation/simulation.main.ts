// npm run test:simulation -- --seeds 1000 [--from 1] [--workers 2]
// npm run test:simulation -- --seed 292            one seed, again
// npm run test:simulation -- --defect binds-twice  must find the planted mistake
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { DEFECTS } from './defects.js';
import { World, type WorldOutcome } from './world.js';

const MOST_SHOWN = 10;

interface Share {
  readonly seeds: readonly number[];
  readonly defect: string | null;
}

async function simulateShare({ seeds, defect }: Share): Promise<void> {
  const planted = defect === null ? {} : DEFECTS[defect];
  for (const seed of seeds) parentPort?.postMessage(await new World(seed, planted).run(), []);
}

/** Simulates all seeds on some threads, and tells each outcome as it comes in. */
async function simulateAll(
  { seeds, defect }: Share,
  workers: number,
  tell: (outcome: WorldOutcome) => void,
): Promise<void> {
  const threads = Array.from({ length: workers }, async (_, at) => {
    const mine = seeds.filter((__, index) => index % workers === at);
    const worker = new Worker(new URL(import.meta.url), { workerData: { seeds: mine, defect } });
    worker.on('message', tell);
    // Rejects with what the thread failed with.
    await once(worker, 'exit');
  });
  await Promise.all(threads);
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      workers: { type: 'string' },
      defect: { type: 'string' },
    },
  });
  if (values.defect !== undefined && DEFECTS[values.defect] === undefined) {
    throw new Error(`known defects: ${Object.keys(DEFECTS).join(', ')}`);
  }
  const one = values.seed === undefined ? null : Number(values.seed);
  const from = one ?? Number(values.from);
  const count = one === null ? Number(values.seeds) : 1;
  const workers = Number(values.workers ?? Math.min(availableParallelism(), 4));
  return {
    share: {
      seeds: Array.from({ length: count }, (_, at) => from + at),
      defect: values.defect ?? null,
    },
    workers: Math.min(workers, count),
  };
}

async function main(): Promise<void> {
  const startedMs = performance.now();
  const { share, workers } = readArguments();
  const replay = share.defect === null ? '' : ` --defect ${share.defect}`;
  let [seeds, violations, calls, crashes, claims] = [0, 0, 0, 0, 0];
  await simulateAll(share, workers, (outcome) => {
    seeds += 1;
    calls += outcome.calls;
    crashes += outcome.crashes;
    claims += outcome.claims;
    if (outcome.violations.length === 0) return;
    violations += 1;
    if (violations > MOST_SHOWN) return;
    for (const violation of outcome.violations) console.log(`seed ${outcome.seed}: ${violation}`);
    console.log(`  again: npm run test:simulation -- --seed ${outcome.seed}${replay}`);
  });
  if (seeds < share.seeds.length) throw new Error('some seeds gave no outcome');
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  console.log(JSON.stringify({ seeds, violations, seconds, claims, calls, crashes }));
  process.exitCode = violations > 0 ? 1 : 0;
}

await (isMainThread ? main() : simulateShare(workerData as Share));
