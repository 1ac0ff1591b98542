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
import { EventStoreDbLogReader } from '../../src/platform/event-store/eventstoredb.log-reader.js';
import { EventStoreDbEventStore } from '../../src/platform/event-store/eventstoredb.event-store.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { LeaderElection } from '../../src/platform/projections/leader-election.js';
import { ProjectionRegistry } from '../../src/platform/projections/projection-registry.js';
import { ProjectionRunner } from '../../src/platform/projections/projection-runner.js';
import { heldStreams } from '../../src/platform/projections/quarantine.js';
import { retryStream } from '../../src/platform/projections/quarantine-retry.js';
import {
  differingRows,
  ReadModelRebuild,
} from '../../src/platform/projections/rebuild/read-model-rebuild.js';
import {
  completeTables,
  makeTables,
  openSchema,
} from '../../src/platform/projections/rebuild/beside-tables.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, TestEventStore, type TestDatabase } from '../support/stores.js';
import { added, addition, SumProjection } from '../support/sum-projection.js';

const catalog = new EventCatalog();
catalog.register([added]);
const SWITCH = { tolerance: 0, force: false, back: false };

let node: TestEventStore;
let database: TestDatabase;
let db: PostgresConnection;
let store: EventStoreDbEventStore;
let log: EventStoreDbLogReader;
let election: LeaderElection;
let runners: ProjectionRunner[];
let category: string;

const runProjector = (projection: SumProjection): ProjectionRunner => {
  const registry = new ProjectionRegistry();
  registry.register(projection);
  const runner = new ProjectionRunner(registry, {
    roles: new RolesConfig({ roles: ['projector'] }),
    limits: new ProjectionConfig({ batchSize: 10, batchMs: 5 }),
    database: new DatabaseConfig({ url: new Secret(database.url), poolSize: 4, outageBridgeMs: 0 }),
    store,
    db,
    clock: new SystemClock(),
    metrics: new Metrics(),
  });
  runner.onApplicationBootstrap();
  runners.push(runner);
  return runner;
};

const rebuilding = (
  projection: SumProjection,
  signal = new AbortController().signal,
  onProgress: () => void = () => undefined,
): ReadModelRebuild =>
  new ReadModelRebuild([projection], {
    db,
    store,
    log,
    election,
    limits: { size: 10, ms: 5 },
    signal,
    onProgress,
  });

const newStream = (): string => `${category}-${randomUUID()}`;
const add = async (stream: string, ...amounts: number[]): Promise<void> => {
  const last = (await store.readStream(stream)).at(-1)?.revision;
  await store.append(stream, last ?? 'no_stream', amounts.map(addition));
};

const rowsIn = async (schema: string) => {
  const { rows } = await sql<{ stream_name: string; total: number }>`
    select stream_name, total from ${sql.id(schema, 'sums')} order by stream_name`.execute(
    db.kysely,
  );
  return rows;
};

const live = () => rowsIn('read');
const idle = (runner: ProjectionRunner): boolean => {
  const [lag] = runner.lags();
  return lag?.leads === true && lag.moving && lag.events === 0 && lag.seconds === 0;
};

/** Twenty streams of three events, followed to the end by a running projector. */
async function followed(projection = new SumProjection(category)): Promise<ProjectionRunner> {
  for (let stream = 0; stream < 20; stream += 1) await add(newStream(), 1, 2, 3);
  const runner = runProjector(projection);
  await eventually(() => idle(runner));
  return runner;
}

beforeAll(async () => {
  Logger.overrideLogger(false);
  node = await TestEventStore.start();
});

afterAll(() => node.stop());

beforeEach(async () => {
  database = await freshDatabase();
  db = new PostgresConnection(
    { url: database.url, poolSize: 10, onConnectionFailure: () => undefined },
    new Metrics(),
  );
  election = new LeaderElection(database.url);
  await SumProjection.createTable(db.kysely);
  log = new EventStoreDbLogReader(node.url);
  store = new EventStoreDbEventStore({ url: node.url }, new EventCodec(catalog), new Metrics());
  runners = [];
  category = `sum${randomUUID().slice(0, 8)}`;
});

afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.beforeApplicationShutdown()));
  await election.close();
  await store.close();
  await log.close();
  await db.close();
  await database.drop();
});

describe('rebuilding a read model beside the live one', () => {
  it('fills the same rows from the log, with the same indexes, and leaves the live ones alone', async () => {
    await followed();
    const before = await live();
    const built = await rebuilding(new SumProjection(category)).rebuild({ fresh: false });
    expect(built).toEqual({ resumed: [], events: 60, quarantined: 0 });
    expect(await rowsIn('read_next')).toEqual(before);
    const { rows } = await sql<{ indexname: string }>`
      select indexname from pg_indexes where schemaname = 'read_next' and tablename = 'sums'
      order by 1`.execute(db.kysely);
    expect(rows.map(({ indexname }) => indexname)).toEqual(['sums_by_total', 'sums_pkey']);
  });

  it('goes on where it was interrupted', async () => {
    await followed();
    const stop = new AbortController();
    const first = rebuilding(new SumProjection(category), stop.signal, () => stop.abort());
    await expect(first.rebuild({ fresh: false })).rejects.toThrow();
    const built = await rebuilding(new SumProjection(category)).rebuild({ fresh: false });
    expect(built.resumed).toEqual(['sums']);
    expect(built.events).toBeGreaterThan(0);
    expect(built.events).toBeLessThan(60);
    expect(await rowsIn('read_next')).toEqual(await live());
  });

  it('has nothing to build, and verifies, before the first event of its own', async () => {
    const runner = runProjector(new SumProjection(category));
    await eventually(() => idle(runner));
    const rebuild = rebuilding(new SumProjection(category));
    expect(await rebuild.rebuild({ fresh: false })).toMatchObject({ events: 0 });
    expect(differingRows((await rebuild.verify()).diffs)).toBe(0);
    expect(await rebuild.switch(SWITCH)).toMatchObject({ done: true });
    const late = newStream();
    await add(late, 5);
    await eventually(async () =>
      expect(await live()).toMatchObject([{ stream_name: late, total: 5 }]),
    );
  });

  it('begins anew when asked, or when the live table has got another shape', async () => {
    await followed();
    const rebuild = rebuilding(new SumProjection(category));
    await rebuild.rebuild({ fresh: false });
    expect((await rebuild.rebuild({ fresh: true })).resumed).toEqual([]);
    await sql`alter table read.sums add column note text`.execute(db.kysely);
    await expect(rebuild.diff()).rejects.toThrow('projections rebuild first');
  });

  it('lets one process at a time build', async () => {
    await followed();
    const other = new LeaderElection(database.url);
    const leads = await other.tryLead('read models in read_next');
    expect(leads).not.toBeNull();
    await expect(rebuilding(new SumProjection(category)).rebuild({ fresh: false })).rejects.toThrow(
      'another process is at work',
    );
    await other.close();
  });
});

describe('switching to rebuilt rows', () => {
  const doubling = (version = 1): SumProjection => {
    const projection = new SumProjection(category, version);
    projection.counted = (amount) => 2 * amount;
    return projection;
  };

  it('fails no read, loses no event and is followed at once, under writers and readers', async () => {
    const runner = await followed();
    const over = new AbortController();
    let reads = 0;
    const reading = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const rows = await live();
        // Every stream starts with six, and no version of the rows lacks one.
        expect(rows.filter(({ total }) => total >= 6).length).toBeGreaterThanOrEqual(20);
        reads += 1;
      }
    };
    const late = newStream();
    const writing = async (): Promise<number> => {
      let revision = -1n;
      while (!over.signal.aborted) {
        const expected = revision < 0n ? 'no_stream' : revision;
        ({ revision } = await store.append(late, expected, [addition(1)]));
      }
      return Number(revision) + 1;
    };
    const readers = [reading(), reading()];
    const writer = writing();
    const rebuild = rebuilding(new SumProjection(category));
    for (let round = 0; round < 2; round += 1) {
      await rebuild.rebuild({ fresh: false });
      expect(await rebuild.switch(SWITCH)).toMatchObject({ done: true });
    }
    over.abort();
    await Promise.all(readers);
    const written = await writer;
    await eventually(() => idle(runner));
    const row = (await live()).find(({ stream_name }) => stream_name === late);
    expect(row?.total).toBe(written);
    expect(reads).toBeGreaterThan(10);
  });

  it('is refused when rows differ, says which, and done when forced', async () => {
    const runner = await followed();
    const before = await live();
    await runner.beforeApplicationShutdown();
    const rebuild = rebuilding(doubling());
    await rebuild.rebuild({ fresh: false });
    const refused = await rebuild.switch({ ...SWITCH, tolerance: 19 });
    expect(refused.done).toBe(false);
    const [diff] = refused.diffs;
    expect(diff).toMatchObject({ table: 'sums', liveRows: 20, otherRows: 20, differing: 20 });
    expect(diff?.first[0]).toMatchObject({ live: { total: 6 }, other: { total: 12 } });
    expect(diff?.groups).toEqual([
      { group: { events: 3 }, live: { total: '120' }, other: { total: '240' }, same: false },
    ]);
    expect(await live()).toEqual(before);
    expect((await rebuild.switch({ ...SWITCH, tolerance: 20 })).done).toBe(true);
    expect((await live()).every(({ total }) => total === 12)).toBe(true);
  });

  it('can be taken back, with what happened since', async () => {
    const runner = await followed();
    await runner.beforeApplicationShutdown();
    const next = rebuilding(doubling());
    await next.rebuild({ fresh: false });
    await next.switch({ ...SWITCH, force: true });
    const again = runProjector(doubling());
    const late = newStream();
    await add(late, 5);
    await eventually(async () => (await live()).length === 21);
    await again.beforeApplicationShutdown();
    const back = rebuilding(new SumProjection(category));
    await back.switch({ tolerance: 0, force: true, back: true });
    const rows = await live();
    expect(rows.find(({ stream_name }) => stream_name === late)?.total).toBe(5);
    expect(rows.filter(({ total }) => total === 6)).toHaveLength(20);
  });

  it('ends where a restored log ends, so that what is appended to it is not passed over', async () => {
    const runner = await followed();
    await runner.beforeApplicationShutdown();
    // What the rows had seen before the log was taken back to an earlier copy.
    await sql`update read.projection_checkpoint set position = position + 1000000,
      prepare_position = prepare_position + 1000000`.execute(db.kysely);
    const rebuild = rebuilding(new SumProjection(category));
    await rebuild.rebuild({ fresh: true });
    await rebuild.switch({ ...SWITCH, force: true });
    const { rows } = await sql<{ position: bigint }>`
      select position from read.projection_checkpoint`.execute(db.kysely);
    expect(rows[0]?.position).toBe((await log.end())?.position);
    const late = newStream();
    await add(late, 7);
    const again = runProjector(new SumProjection(category));
    await eventually(() => idle(again));
    expect((await live()).find(({ stream_name }) => stream_name === late)?.total).toBe(7);
  });

  it('takes over to a newer version, which the older code then leaves alone', async () => {
    const old = await followed();
    const early = runProjector(doubling(2));
    await eventually(() => early.lags()[0]?.moving === false);
    const rebuild = rebuilding(doubling(2));
    await rebuild.rebuild({ fresh: false });
    await rebuild.switch({ ...SWITCH, force: true });
    const late = newStream();
    await add(late, 4);
    await eventually(async () =>
      expect((await live()).find(({ stream_name }) => stream_name === late)?.total).toBe(8),
    );
    await eventually(() => old.lags()[0]?.leads === false && old.lags()[0]?.moving === true);
  });
});

describe('verifying read models against a replay', () => {
  it('finds no difference, then the one row that was changed, and leaves nothing behind', async () => {
    await followed();
    const rebuild = rebuilding(new SumProjection(category));
    expect(differingRows((await rebuild.verify()).diffs)).toBe(0);
    await sql`update read.sums set total = 7 where stream_name =
      (select min(stream_name) from read.sums)`.execute(db.kysely);
    await sql`delete from read.sums where stream_name =
      (select max(stream_name) from read.sums)`.execute(db.kysely);
    const { diffs } = await rebuild.verify();
    expect(diffs).toMatchObject([{ liveRows: 19, otherRows: 20, differing: 2 }]);
    expect(diffs[0]?.first.map((row) => [row.live?.['total'], row.other?.['total']])).toEqual([
      [7, 6],
      [undefined, 6],
    ]);
    await expect(rowsIn('read_check')).rejects.toThrow('does not exist');
  });

  it('finds the same rows after the whole read schema was dropped and replayed', async () => {
    const projection = new SumProjection(category);
    const runner = await followed(projection);
    const before = await live();
    await runner.beforeApplicationShutdown();
    await openSchema(db.kysely, 'read_shape');
    await makeTables(db.kysely, 'read_shape', projection);
    await completeTables(db.kysely, 'read_shape', projection);
    await sql`drop schema read cascade`.execute(db.kysely);
    await sql`alter schema read_shape rename to read`.execute(db.kysely);
    const again = runProjector(new SumProjection(category));
    await eventually(() => idle(again));
    expect(await live()).toEqual(before);
  });
});

describe('retrying what is in quarantine', () => {
  const allergic = (): SumProjection => {
    const projection = new SumProjection(category);
    projection.before = (_, events) =>
      events.some(({ data }) => (data as { amount: number }).amount === 13)
        ? Promise.reject(new RangeError('thirteen'))
        : Promise.resolve();
    return projection;
  };

  it('applies the held events in order after a fix, and the rows are those of a replay', async () => {
    const runner = await followed(allergic());
    const bad = newStream();
    await add(bad, 1, 13, 5);
    await eventually(async () => (await heldStreams(db.kysely, ['sums'])).length === 1);
    await add(bad, 6);
    await eventually(async () => (await heldStreams(db.kysely, ['sums']))[0]?.events === 3);
    expect(await heldStreams(db.kysely, ['sums'])).toMatchObject([
      { streamName: bad, revision: 1n, type: 'Added.v1', reason: 'RangeError: thirteen' },
    ]);

    expect(await retryStream({ db, store }, allergic(), bad)).toEqual({
      applied: 0,
      left: 3,
      reason: 'RangeError: thirteen',
    });
    await runner.beforeApplicationShutdown();
    const fixed = new SumProjection(category);
    runProjector(fixed);
    expect(await retryStream({ db, store }, fixed, bad)).toEqual({
      applied: 3,
      left: 0,
      reason: null,
    });
    await add(bad, 7);
    await eventually(async () =>
      expect((await live()).find(({ stream_name }) => stream_name === bad)?.total).toBe(32),
    );
    expect(differingRows((await rebuilding(fixed).verify()).diffs)).toBe(0);
  });
});
