// How fast the embedded event-store node takes appends, beside a plain Postgres insert:
// npm run bench:append -- [--seconds 3] [--rounds 3] [--events 1000000] [--callers 1,8,32,256]
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EventStoreProcess } from '../test/support/event-store-process.js';
import { type Measured, measure, median } from './append/callers.js';
import { fillFollowAndOpen } from './append/million-events.js';
import { claim } from './append/payload.js';
import { PostgresBaseline } from './append/postgres-baseline.js';

/** As many streams as a busy hour has open transactions. */
const STREAMS = 2000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    events: { type: 'string', default: '1000000' },
    callers: { type: 'string', default: '1,8,32,256' },
  },
});
const [seconds, rounds, events] = [values.seconds, values.rounds, values.events].map((value) =>
  Number.parseInt(value, 10),
) as [number, number, number];

const print = (line: string): void => console.log(line);
const streamOf = (caller: number, count: number): string =>
  `transaction-${(caller * 7919 + count * 31) % STREAMS}`;

async function compare(directory: string): Promise<number> {
  const node = await EventStoreProcess.startBuilt(join(directory, 'node'));
  const postgres = await PostgresBaseline.start(join(directory, 'postgres'));
  print(postgres.version);
  const append = (caller: number, count: number) =>
    node.client.appendToStream(streamOf(caller, count), claim(), { expectedRevision: 'any' });
  const insert = (caller: number, count: number) => postgres.insert(streamOf(caller, count));
  await measure(32, 1, append);
  await measure(32, 1, insert);
  print('callers  appends/s  p50 ms  p99 ms | inserts/s  p50 ms  p99 ms | ratio');
  let ratioAt32 = 0;
  for (const callers of values.callers.split(',').map((text) => Number.parseInt(text, 10))) {
    const appends: Measured[] = [];
    const inserts: Measured[] = [];
    for (let round = 0; round < rounds; round += 1) {
      appends.push(await measure(callers, seconds, append));
      inserts.push(await measure(callers, seconds, insert));
    }
    const ratio = median(appends.map((a, i) => a.perSecond / (inserts[i]?.perSecond ?? NaN)));
    print(`${row(callers, 7)}${columns(appends)} |${columns(inserts)} | ${ratio.toFixed(2)}`);
    if (callers === 32) ratioAt32 = ratio;
  }
  await node.stop();
  await postgres.stop();
  return ratioAt32;
}

const row = (value: number | string, width: number): string => String(value).padStart(width);

const columns = (all: readonly Measured[]): string =>
  [
    row(median(all.map(({ perSecond }) => perSecond)), 11),
    row(median(all.map(({ p50Ms }) => p50Ms)).toFixed(2), 8),
    row(median(all.map(({ p99Ms }) => p99Ms)).toFixed(2), 8),
  ].join('');

const directory = await mkdtemp(join(tmpdir(), 'constancia-bench-'));
try {
  const [processor] = cpus();
  print(
    `${cpus().length} x ${processor?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
      `Linux ${release()}, Node ${process.versions.node}; ` +
      `medians of ${rounds} rounds of ${seconds} s, append and insert in turn`,
  );
  const vsInsert = await compare(directory);
  const many = await fillFollowAndOpen(join(directory, 'many'), events);
  print(
    `${many.events} events in ${many.events / 4} streams: ${many.appendEventsPerSecond} appended/s, ` +
      `${many.catchUpEventsPerSecond} followed/s, open ${many.openSeconds.toFixed(2)} s`,
  );
  print(`resident MiB after each tenth: ${many.residentMb.join(' ')}; peak ${many.peakMb}`);
  print(
    JSON.stringify({
      vs_pg_insert_at_32: Number(vsInsert.toFixed(2)),
      catch_up_events_per_s: many.catchUpEventsPerSecond,
      open_million_s: Number(many.openSeconds.toFixed(2)),
      peak_mb: many.peakMb,
    }),
  );
} finally {
  await rm(directory, { recursive: true, force: true });
}
// The client keeps its connections open for ever.
process.exit(0);
