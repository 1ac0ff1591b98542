import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventCatalog } from '../../src/platform/event-store/event-catalog.js';
import { EventCodec } from '../../src/platform/event-store/event-codec.js';
import { EventStoreDbEventStore } from '../../src/platform/event-store/eventstoredb.event-store.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { EventStoreNode } from '../../src/stand-ins/event-store-node/event-store-node.js';
import { contractEvents, eventStorePortContract } from './event-store-port.contract.js';

let directory: string;
let node: EventStoreNode;
let store: EventStoreDbEventStore;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'event-store-port-'));
  node = await EventStoreNode.start({ directory, port: 0 });
  const catalog = new EventCatalog();
  catalog.register(contractEvents);
  store = new EventStoreDbEventStore(
    { url: node.connectionString },
    new EventCodec(catalog),
    new Metrics(),
  );
});

afterAll(async () => {
  await store.close();
  await node.stop();
  await rm(directory, { recursive: true });
});

eventStorePortContract(() => store);
