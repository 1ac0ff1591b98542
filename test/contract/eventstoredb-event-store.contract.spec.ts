import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventCatalog } from '../../src/platform/event-store/event-catalog.js';
import { EventCodec } from '../../src/platform/event-store/event-codec.js';
import { EventStoreDbEventStore } from '../../src/platform/event-store/eventstoredb.event-store.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { EventStoreNode } from '../../src/stand-ins/event-store-node/event-store-node.js';
import { contractEvents, eventStorePortContract } from './event-store-port.contract.js';

const root = new URL('../../', import.meta.url);
const appendThread = {
  script: new URL('src/platform/event-store/append-thread.main.ts', root),
  execArgv: ['--import', new URL('test/support/run-typescript.mjs', root).href],
};

let directory: string;
let node: EventStoreNode;
const catalog = new EventCatalog();
catalog.register(contractEvents);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'event-store-port-'));
  node = await EventStoreNode.start({ directory, port: 0 });
});

afterAll(async () => {
  await node.stop();
  await rm(directory, { recursive: true });
});

describe.each([
  ['from this thread', {}],
  ['from a thread of its own', { appendThread }],
])('appending %s', (_, options) => {
  let store: EventStoreDbEventStore;

  beforeAll(() => {
    store = new EventStoreDbEventStore(
      { url: node.connectionString, ...options },
      new EventCodec(catalog),
      new Metrics(),
    );
  });

  afterAll(() => store.close());

  eventStorePortContract(() => store);
});
