import { Client } from 'pg';
import { EventCatalog } from '../../src/platform/event-store/event-catalog.js';
import { EventCodec } from '../../src/platform/event-store/event-codec.js';
import { EventStoreDbEventStore } from '../../src/platform/event-store/eventstoredb.event-store.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { transactionEvents } from '../../src/transactions/events/transaction.event.js';
import { anId, happened } from '../support/a-transaction.js';
import { testEnvironment } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { MainProcess } from '../support/main-process.js';
import { recorded } from '../support/recorded.js';
import { freshDatabase, TestEventStore, type TestDatabase } from '../support/stores.js';

const TAKEN_OVER_WITHIN_MS = 5_000;
const READ_MODELS = 5;

describe('leading read models among three processes', () => {
  let database: TestDatabase;
  let node: TestEventStore;
  let postgres: Client;
  let store: EventStoreDbEventStore;
  const processes: MainProcess[] = [];

  beforeAll(async () => {
    [database, node] = await Promise.all([freshDatabase(), TestEventStore.start()]);
    postgres = new Client({ connectionString: database.url });
    await postgres.connect();
    const catalog = new EventCatalog();
    catalog.register(transactionEvents);
    store = new EventStoreDbEventStore({ url: node.url }, new EventCodec(catalog), new Metrics());
  });

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await store.close();
    await postgres.end();
    await Promise.all([database.drop(), node.stop()]);
  });

  const start = async (): Promise<MainProcess> => {
    const environment = testEnvironment(database, node, { ROLES: 'projector' });
    const main = new MainProcess(environment);
    processes.push(main);
    const url = await main.url();
    await eventually(async () => (await fetch(`${url}/readyz`)).status === 200);
    return main;
  };

  /** For every read model that somebody leads, how many lead it. */
  const leaders = async (): Promise<number[]> => {
    const { rows } = await postgres.query<{ sessions: number }>(
      `select count(distinct pid)::int as sessions from pg_locks join pg_stat_activity using (pid)
         join pg_database on pg_database.oid = pg_locks.database and pg_database.datname = current_database()
       where locktype = 'advisory' and granted and application_name = 'constancia leader'
       group by classid, objid`,
    );
    return rows.map(({ sessions }) => sessions);
  };

  /** How long until a claim that is written now stands in the list. */
  const followedAfterMs = async (name: string): Promise<number> => {
    const began = performance.now();
    const transactionId = anId(name);
    await recorded(store, [happened.submitted({ transactionId })], transactionId);
    await eventually(
      async () => {
        const { rowCount } = await postgres.query(
          'select from read.transaction_view where transaction_id = $1',
          [transactionId],
        );
        expect(rowCount).toBe(1);
      },
      { everyMs: 20 },
    );
    return performance.now() - began;
  };

  it('goes on within five seconds of a kill -9, twice, and one process at a time leads', async () => {
    const first = await start();
    await followedAfterMs('before anything died');
    const [second] = await Promise.all([start(), start()]);
    expect((await leaders()).every((sessions) => sessions === 1)).toBe(true);
    expect((await leaders()).length).toBeGreaterThanOrEqual(READ_MODELS);

    await first.kill();
    expect(await followedAfterMs('after the first died')).toBeLessThan(TAKEN_OVER_WITHIN_MS);
    await second?.kill();
    expect(await followedAfterMs('after the second died')).toBeLessThan(TAKEN_OVER_WITHIN_MS);
    expect((await leaders()).every((sessions) => sessions === 1)).toBe(true);
  });
});
