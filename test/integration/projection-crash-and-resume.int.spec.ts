import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { SystemClock } from '../../src/kernel/clock.js';
import {
  DatabaseConfig,
  ProjectionConfig,
  RolesConfig,
} from '../../src/platform/config/config.schema.js';
import { Secret } from '../../src/platform/config/secret.js';
import { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import { EventCatalog } from '../../src/platform/event-store/event-catalog.js';
import { EventCodec } from '../../src/platform/event-store/event-codec.js';
import { EventStoreDbEventStore } from '../../src/platform/event-store/eventstoredb.event-store.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { ProjectionRegistry } from '../../src/platform/projections/projection-registry.js';
import { ProjectionRunner } from '../../src/platform/projections/projection-runner.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, TestEventStore, type TestDatabase } from '../support/stores.js';
import { added, addition, SumProjection } from '../support/sum-projection.js';

const catalog = new EventCatalog();
catalog.register([added]);

let node: TestEventStore;
let database: TestDatabase;
let db: PostgresConnection;
let store: EventStoreDbEventStore;
let runners: ProjectionRunner[];
/** The log is shared by the file, so every test has a category of its own. */
let category: string;

/** One instance of the service, as far as projections go. */
const runProjector = (projection: SumProjection, metrics = new Metrics()): ProjectionRunner => {
  const registry = new ProjectionRegistry();
  registry.register(projection);
  const runner = new ProjectionRunner(registry, {
    roles: new RolesConfig({ roles: ['projector'] }),
    limits: new ProjectionConfig({ batchSize: 10, batchMs: 5 }),
    database: new DatabaseConfig({ url: new Secret(database.url), poolSize: 4, outageBridgeMs: 0 }),
    store,
    db,
    clock: new SystemClock(),
    metrics,
  });
  runner.onApplicationBootstrap();
  runners.push(runner);
  return runner;
};

const stop = async (runner: ProjectionRunner): Promise<void> => {
  await runner.beforeApplicationShutdown();
  runners = runners.filter((other) => other !== runner);
};

/** Appends amounts to one stream. */
const add = async (streamName: string, ...amounts: number[]): Promise<void> => {
  const read = await store.readStream(streamName);
  const last = read.at(-1)?.revision;
  await store.append(streamName, last ?? 'no_stream', amounts.map(addition));
};

const newStream = (): string => `${category}-${randomUUID()}`;

const rows = async (): Promise<Record<string, { total: number; events: number }>> => {
  const result = await sql<{ stream_name: string; total: number; events: number }>`
    select stream_name, total, events from read.sums`.execute(db.kysely);
  return Object.fromEntries(
    result.rows.map(({ stream_name, ...row }) => [stream_name, row] as const),
  );
};

const quarantined = async () => {
  const result = await db.kysely
    .selectFrom('read.quarantined_event')
    .select(['stream_name', 'revision', 'outcome', 'reason'])
    .orderBy('stream_name')
    .orderBy('revision')
    .execute();
  return result;
};

const isIdle = (runner: ProjectionRunner): boolean => {
  const [lag] = runner.lags();
  return lag?.leads === true && lag.moving && lag.events === 0 && lag.seconds === 0;
};

beforeAll(async () => {
  Logger.overrideLogger(false);
  node = await TestEventStore.start();
});

afterAll(async () => {
  await node.stop();
});

beforeEach(async () => {
  database = await freshDatabase();
  db = new PostgresConnection(
    { url: database.url, poolSize: 6, onConnectionFailure: () => undefined },
    new Metrics(),
  );
  await SumProjection.createTable(db.kysely);
  store = new EventStoreDbEventStore({ url: node.url }, new EventCodec(catalog), new Metrics());
  runners = [];
  category = `sum${randomUUID().slice(0, 8)}`;
});

afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.beforeApplicationShutdown()));
  await store.close();
  await db.close();
  await database.drop();
});

describe('following the log', () => {
  it('writes what was there before and what comes later', async () => {
    const [one, two] = [newStream(), newStream()];
    await add(one, 1, 2, 3);
    const runner = runProjector(new SumProjection(category));
    await eventually(async () => expect((await rows())[one]).toEqual({ total: 6, events: 3 }));
    await add(two, 7);
    await eventually(async () => expect((await rows())[two]).toEqual({ total: 7, events: 1 }));
    await eventually(() => isIdle(runner));
  });

  it('goes on from its checkpoint', async () => {
    const stream = newStream();
    await add(stream, 1, 2);
    const first = runProjector(new SumProjection(category));
    await eventually(() => isIdle(first));
    await stop(first);
    await add(stream, 3);
    const projection = new SumProjection(category);
    const seen: bigint[] = [];
    projection.before = (_, events) => {
      seen.push(...events.map(({ revision }) => revision));
      return Promise.resolve();
    };
    const second = runProjector(projection);
    await eventually(() => isIdle(second));
    expect(seen).toEqual([2n]);
    expect((await rows())[stream]).toEqual({ total: 6, events: 3 });
  });

  it('reports its lag as zero when idle', async () => {
    const metrics = new Metrics();
    await add(newStream(), 1);
    const runner = runProjector(new SumProjection(category), metrics);
    await eventually(() => isIdle(runner));
    await eventually(async () => {
      const text = await metrics.registry.metrics();
      expect(text).toMatch(/^payments_projection_lag_events\{projection="sums"\} 0$/m);
      expect(text).toMatch(/^payments_projection_lag_seconds\{projection="sums"\} 0$/m);
      expect(text).toMatch(/^payments_projection_quarantined\{projection="sums"\} 0$/m);
    });
  });
});

describe('losing a store', () => {
  it('undoes rows whose checkpoint was not written, and applies them again', async () => {
    const streams = Array.from({ length: 8 }, newStream);
    const projection = new SumProjection(category);
    projection.after = async (tx) => {
      // The connection dies between the rows and the commit of the checkpoint.
      if (projection.calls === 2)
        await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx);
    };
    for (const stream of streams) await add(stream, 1, 2, 3);
    const runner = runProjector(projection);
    await eventually(() => isIdle(runner));
    const written = await rows();
    for (const stream of streams) expect(written[stream]).toEqual({ total: 6, events: 3 });
    expect(await quarantined()).toEqual([]);
  });

  it('goes on after the event store was killed and came back', async () => {
    const stream = newStream();
    await add(stream, 1);
    const runner = runProjector(new SumProjection(category));
    await eventually(() => isIdle(runner));
    await node.kill();
    await eventually(() => runner.lags()[0]?.moving === false);
    await node.restart();
    await add(stream, 2);
    await eventually(async () => expect((await rows())[stream]).toEqual({ total: 3, events: 2 }));
    await eventually(() => isIdle(runner));
  });

  it('blames no event for tables that are not there', async () => {
    const stream = newStream();
    await sql`alter table read.sums rename to sums_away`.execute(db.kysely);
    await add(stream, 1);
    const runner = runProjector(new SumProjection(category));
    await eventually(() => runner.lags()[0]?.moving === false);
    expect(await quarantined()).toEqual([]);
    await sql`alter table read.sums_away rename to sums`.execute(db.kysely);
    await eventually(async () => expect((await rows())[stream]).toEqual({ total: 1, events: 1 }));
  });
});

describe('sharing the work among processes', () => {
  it('lets one lead and another take over when its session ends', async () => {
    const stream = newStream();
    await add(stream, 1);
    const leader = runProjector(new SumProjection(category));
    await eventually(() => isIdle(leader));
    const standby = runProjector(new SumProjection(category));
    await eventually(() => standby.lags()[0]?.leads === false);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'constancia leader' and datname = current_database()`.execute(
      db.kysely,
    );
    await add(stream, 2);
    await eventually(async () => expect((await rows())[stream]).toEqual({ total: 3, events: 2 }));
    await eventually(() => runners.filter(isIdle).length === 1);
  });

  it('hands over at once when the leader stops', async () => {
    const leader = runProjector(new SumProjection(category));
    await eventually(() => isIdle(leader));
    const standby = runProjector(new SumProjection(category));
    await stop(leader);
    await eventually(() => isIdle(standby));
  });

  it('stops a leader that does not know it was replaced', async () => {
    const projection = new SumProjection(category);
    const stream = newStream();
    await add(stream, 1);
    const runner = runProjector(projection);
    await eventually(() => isIdle(runner));
    // As another leader would have done meanwhile.
    await sql`update read.projection_checkpoint set position = position + 1`.execute(db.kysely);
    const { calls } = projection;
    await add(stream, 2);
    // It notices, applies nothing with what it believed, and starts over from what is stored.
    await eventually(async () => expect((await rows())[stream]).toEqual({ total: 3, events: 2 }));
    expect(projection.calls).toBe(calls + 1);
  });
});

describe('meeting an event that cannot be applied', () => {
  const poisonous = (): SumProjection => {
    const projection = new SumProjection(category);
    projection.before = (_, events) => {
      if (events.some(({ data }) => (data as { amount: number }).amount === 13)) {
        throw new RangeError('thirteen');
      }
      return Promise.resolve();
    };
    return projection;
  };

  it('puts aside its stream only, and keeps the order there', async () => {
    const [good, bad] = [newStream(), newStream()];
    await add(good, 1);
    await add(bad, 5, 13, 6);
    await add(good, 2);
    const metrics = new Metrics();
    const runner = runProjector(poisonous(), metrics);
    await eventually(() => isIdle(runner));
    await add(bad, 7);
    await add(good, 3);
    await eventually(async () => {
      const written = await rows();
      expect(written[good]).toEqual({ total: 6, events: 3 });
      expect(written[bad]).toEqual({ total: 5, events: 1 });
      expect(await quarantined()).toMatchObject([
        { stream_name: bad, revision: 1n, outcome: 'failed', reason: 'RangeError: thirteen' },
        { stream_name: bad, revision: 2n, outcome: 'waiting' },
        { stream_name: bad, revision: 3n, outcome: 'waiting' },
      ]);
    });
    await eventually(async () =>
      expect(await metrics.registry.metrics()).toMatch(
        /^payments_projection_quarantined\{projection="sums"\} 3$/m,
      ),
    );
  });

  it('remembers after a restart', async () => {
    const bad = newStream();
    await add(bad, 13);
    const first = runProjector(poisonous());
    await eventually(async () => expect(await quarantined()).toHaveLength(1));
    await stop(first);
    await add(bad, 1);
    runProjector(poisonous());
    await eventually(async () =>
      expect((await quarantined()).map(({ outcome }) => outcome)).toEqual(['failed', 'waiting']),
    );
    expect((await rows())[bad]).toBeUndefined();
  });

  it('quotes no value of the row in its reason', async () => {
    const stream = newStream();
    await add(stream, 1);
    const projection = new SumProjection(category);
    projection.before = async (tx) => {
      await sql`select ${'secret payer'}::integer`.execute(tx);
    };
    const runner = runProjector(projection);
    await eventually(() => isIdle(runner));
    const [event] = (await quarantined()).filter(({ stream_name }) => stream_name === stream);
    expect(event?.reason).toBe('database error 22P02');
  });
});
