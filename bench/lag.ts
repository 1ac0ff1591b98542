// How long after its append an event is a row that can be read, while a projector follows:
// npm run bench:lag -- [--rates 100,500] [--seconds 20]
import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { PostgresConnection } from '../src/platform/database/postgres-connection.js';
import { Metrics } from '../src/platform/metrics/metrics.js';
import { stored, submission, vaultOf } from './read-models/payments.js';
import { Stage } from './read-models/stage.js';
import { machine } from './submit/process-figures.js';

const ROOT = resolve(import.meta.dirname, '..');
/** How precisely the moment is known in which a row appears; part of every figure. */
const LOOK_EVERY_MS = 3;
const WARM_UP_SECONDS = 5;
const PATIENCE_MS = 30_000;

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '100,500' },
    seconds: { type: 'string', default: '20' },
  },
});
const say = (line: string): void => console.log(line);

/** Looks for new rows again and again, and notes when each was first seen. */
class RowWatch {
  readonly seenAt = new Map<string, number>();
  private last = -1n;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly client: Client) {}

  start(): void {
    this.running = this.look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async look(): Promise<void> {
    while (!this.stopped) {
      const { rows } = await this.client.query<{ transaction_id: string; at: string }>({
        name: 'new rows',
        text: `select transaction_id, submitted_position::text as at from read.transaction_view
          where submitted_position > $1 order by submitted_position`,
        values: [this.last.toString()],
      });
      const now = performance.now();
      for (const { transaction_id: id } of rows) this.seenAt.set(id, now);
      const newest = rows.at(-1);
      if (newest !== undefined) this.last = BigInt(newest.at);
      await delay(LOOK_EVERY_MS);
    }
  }
}

interface Lag {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly events: number;
}

const stage = await Stage.open();
const db = new PostgresConnection(
  { url: stage.postgres.connectionString, poolSize: 4, onConnectionFailure: () => undefined },
  new Metrics(),
);
const vault = vaultOf(db, stage);
const projector = spawn(process.execPath, [join(ROOT, 'dist/main.js')], {
  cwd: ROOT,
  env: { PATH: process.env['PATH'], ...stage.environment, ROLES: 'projector', LOG_LEVEL: 'warn' },
  stdio: ['ignore', 'inherit', 'inherit'],
});
const looking = new Client({ connectionString: stage.postgres.connectionString });
let count = 0;

/** Appends at a steady rate, whatever the answers take, and gives when each was acknowledged. */
async function appendSteadily(rate: number, seconds: number): Promise<Map<string, number>> {
  const acknowledgedAt = new Map<string, number>();
  const open = new Set<Promise<void>>();
  const began = performance.now();
  for (let sent = 0; sent < rate * seconds;) {
    const due = Math.floor(((performance.now() - began) / 1_000) * rate);
    for (; sent < Math.min(due, rate * seconds); sent += 1) {
      const appended = append(acknowledgedAt);
      open.add(appended);
      void appended.finally(() => open.delete(appended));
    }
    await delay(1);
  }
  await Promise.all(open);
  return acknowledgedAt;
}

async function append(acknowledgedAt: Map<string, number>): Promise<void> {
  const id = randomUUID();
  count += 1;
  const event = stored(await submission(vault, id, count));
  await stage.node.client.appendToStream(`transaction-${id}`, event, {
    expectedRevision: 'no_stream',
  });
  acknowledgedAt.set(id, performance.now());
}

async function measure(rate: number, seconds: number): Promise<Lag> {
  const watch = new RowWatch(looking);
  watch.start();
  const acknowledgedAt = await appendSteadily(rate, seconds);
  const deadline = performance.now() + PATIENCE_MS;
  while ([...acknowledgedAt.keys()].some((id) => !watch.seenAt.has(id))) {
    if (performance.now() > deadline) throw new Error('some rows never came');
    await delay(20);
  }
  await watch.stop();
  const lags = [...acknowledgedAt]
    .map(([id, at]) => Math.max(0, (watch.seenAt.get(id) ?? NaN) - at))
    .toSorted((a, b) => a - b);
  const part = (share: number): number => Math.round(lags[Math.floor(lags.length * share)] ?? NaN);
  return { p50Ms: part(0.5), p99Ms: part(0.99), events: lags.length };
}

try {
  say(machine());
  await looking.connect();
  await measure(100, WARM_UP_SECONDS);
  const figures: Record<string, number> = {};
  for (const rate of values.rates.split(',').map((text) => Number.parseInt(text, 10))) {
    const lag = await measure(rate, Number.parseInt(values.seconds, 10));
    say(`${rate} events/s: ${lag.events} rows, p50 ${lag.p50Ms} ms, p99 ${lag.p99Ms} ms`);
    figures[`p50_ms_at_${rate}`] = lag.p50Ms;
    figures[`p99_ms_at_${rate}`] = lag.p99Ms;
  }
  say(JSON.stringify(figures));
} finally {
  const ended = once(projector, 'exit');
  projector.kill('SIGTERM');
  await ended;
  await looking.end();
  await db.close();
  await stage.close();
}
process.exit(0);
