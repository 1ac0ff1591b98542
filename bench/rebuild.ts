// How fast all read models are rebuilt from the log, against a bare paged read of it and against Emmett's projections:
// npm run bench:rebuild -- [--events 1000000] [--peer-events 20000] (0 leaves the peer out)
import { parseArgs } from 'node:util';
import { START, type EventStoreDBClient, type Position } from '@eventstore/db-client';
import { sql } from 'kysely';
import { PostgresConnection } from '../src/platform/database/postgres-connection.js';
import { Metrics } from '../src/platform/metrics/metrics.js';
import { runCommand } from './read-models/command-line.js';
import { rebuildWithEmmett } from './read-models/emmett-peer.js';
import { fillLog, vaultOf } from './read-models/payments.js';
import { Stage } from './read-models/stage.js';
import { machine } from './submit/process-figures.js';

const EVENTS_PER_PAYMENT = 4;
const PAGE = 4_096;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    'peer-events': { type: 'string', default: '20000' },
  },
});
const payments = Math.round(Number.parseInt(values.events, 10) / EVENTS_PER_PAYMENT);
const say = (line: string): void => console.log(line);

interface Listed {
  readonly name: string;
  readonly version: number;
}

/** Every event once, page by page, and nothing done with it: no rebuild can be faster. */
async function pagedRead(client: EventStoreDBClient): Promise<{ events: number; end: Position }> {
  let from: Position | typeof START = START;
  let events = 0;
  for (;;) {
    let last: Position | undefined;
    let inPage = 0;
    for await (const { event } of client.readAll({ fromPosition: from, maxCount: PAGE })) {
      if (event?.position === undefined) continue;
      last = event.position;
      inPage += 1;
    }
    // A page begins with the event at its position, which the page before it ended with.
    events += from === START ? inPage : inPage - 1;
    if (last === undefined || inPage < PAGE) return { events, end: last ?? (from as Position) };
    from = last;
  }
}

/** Says that the live rows, which are none, stand at the end: the rebuild then goes to the end. */
async function claimToStandAt(
  db: PostgresConnection,
  listed: readonly Listed[],
  end: Position,
): Promise<void> {
  for (const { name, version } of listed) {
    await sql`insert into read.projection_checkpoint (name, version, position, prepare_position)
      values (${name}, ${version}, ${end.commit}, ${end.prepare})`.execute(db.kysely);
  }
}

/** The peer gets fewer events: it is slower, and its speed hardly changes with their number. */
async function measurePeer(events: number): Promise<number | null> {
  const wanted = Math.min(events, Number.parseInt(values['peer-events'], 10));
  if (wanted === 0) return null;
  const peer = await rebuildWithEmmett(stage.node.client, stage.postgres.connectionString, wanted);
  say(`Emmett, three of the read models as documents: ${wanted} events, ${Math.round(peer)}/s`);
  return peer;
}

const stage = await Stage.open();
const db = new PostgresConnection(
  {
    url: stage.postgres.connectionString,
    poolSize: 6,
    onConnectionFailure: () => undefined,
  },
  new Metrics(),
);
try {
  say(machine());
  say(`Filling a log with ${payments * EVENTS_PER_PAYMENT} events in ${payments} streams ...`);
  await fillLog(stage.node.client, vaultOf(db, stage), payments);
  const began = performance.now();
  const { events, end } = await pagedRead(stage.node.client);
  const paged = events / ((performance.now() - began) / 1_000);
  say(`bare paged read: ${events} events, ${Math.round(paged)}/s`);
  const list = await runCommand(
    ['projections', 'list', '--json'],
    stage.environment,
    () => undefined,
  );
  await claimToStandAt(db, list.figures as Listed[], end);
  const rebuilt = await runCommand(
    ['projections', 'rebuild', '--fresh', '--json'],
    stage.environment,
    say,
  );
  const { events: applied, seconds } = rebuilt.figures as { events: number; seconds: number };
  if (applied !== events) throw new Error(`${applied} events were rebuilt of ${events}`);
  const perSecond = applied / seconds;
  say(`rebuild of all read models: ${Math.round(perSecond)} events/s, peak ${rebuilt.peakMb} MB`);
  const peer = await measurePeer(events);
  say(
    JSON.stringify({
      events: applied,
      events_per_s: Math.round(perSecond),
      paged_read_per_s: Math.round(paged),
      vs_paged_read: Number((perSecond / paged).toFixed(2)),
      vs_emmett: peer === null ? null : Number((perSecond / peer).toFixed(2)),
      peak_mb: rebuilt.peakMb,
    }),
  );
} finally {
  await db.close();
  await stage.close();
}
// The client keeps its connections open for ever.
process.exit(0);
