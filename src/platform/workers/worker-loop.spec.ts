import { eventually } from '../../../test/support/eventually.js';
import { runWorker } from './worker-loop.js';
import { WorkerRegistry, type Worker } from './worker.js';

const HOUR_MS = 3_600_000;

let stopping: AbortController;
let failures: { readonly error: unknown; readonly retryAfterMs: number }[];

beforeEach(() => {
  stopping = new AbortController();
  failures = [];
});

/** A worker that does its steps in order and is idle afterwards. */
const working = (
  steps: readonly (() => Promise<'idle' | 'busy'>)[],
  everyMs = HOUR_MS,
): { readonly worker: Worker; readonly runs: () => number } => {
  let runs = 0;
  const worker: Worker = {
    name: 'counting',
    role: 'verifier',
    everyMs,
    run: () => steps[runs++]?.() ?? Promise.resolve('idle'),
  };
  return { worker, runs: () => runs };
};

const start = (worker: Worker): Promise<void> =>
  runWorker(worker, stopping.signal, (_, error, retryAfterMs) =>
    failures.push({ error, retryAfterMs }),
  );

const busy = () => Promise.resolve('busy' as const);
const idle = () => Promise.resolve('idle' as const);
const broken = () => Promise.reject(new Error('broken'));

describe('running a worker', () => {
  it('runs it again at once while it is busy', async () => {
    const { worker, runs } = working([busy, busy, busy, idle]);
    const running = start(worker);
    await eventually(() => runs() === 4);
    stopping.abort();
    await running;
    expect(runs()).toBe(4);
  });

  it('runs it again after its pause when it was idle', async () => {
    const { worker, runs } = working([idle, idle, idle], 1);
    const running = start(worker);
    await eventually(() => runs() >= 3);
    stopping.abort();
    await running;
  });

  it('gives others a turn between two busy runs', async () => {
    const forever: Worker = { name: 'eager', role: 'api', everyMs: 1, run: busy };
    const running = start(forever);
    await new Promise((resolve) => setImmediate(resolve));
    stopping.abort();
    await running;
  });

  it('tries again later and later after errors, and tells of each', async () => {
    const { worker } = working([broken, broken, idle]);
    const running = start(worker);
    await eventually(() => failures.length === 2);
    stopping.abort();
    await running;
    expect(failures.map(({ retryAfterMs }) => retryAfterMs)).toEqual([250, 500]);
  });

  it('stops in the middle of a pause', async () => {
    const { worker, runs } = working([idle]);
    const running = start(worker);
    await eventually(() => runs() === 1);
    stopping.abort();
    await expect(running).resolves.toBeUndefined();
  });

  it('takes an error while stopping for the end', async () => {
    const { worker } = working([
      () => {
        stopping.abort();
        return broken();
      },
    ]);
    await start(worker);
    expect(failures).toEqual([]);
  });
});

describe('registering workers', () => {
  it('refuses a second one of the same name', () => {
    const registry = new WorkerRegistry();
    registry.register(working([]).worker);
    expect(() => registry.register(working([]).worker)).toThrow('two workers are called counting');
    expect(registry.all()).toHaveLength(1);
  });
});
