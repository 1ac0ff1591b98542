import { EventCodec } from '../../src/platform/event-store/event-codec.js';
import { EventCatalog } from '../../src/platform/event-store/event-catalog.js';
import type { LogItem } from '../../src/platform/event-store/event-store.js';
import { EventStoreDbEventStore } from '../../src/platform/event-store/eventstoredb.event-store.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { eventually } from '../support/eventually.js';
import { TestEventStore } from '../support/stores.js';
import { added, addition } from '../support/sum-projection.js';

describe('following a log that holds nothing yet', () => {
  let node: TestEventStore;
  let store: EventStoreDbEventStore;

  beforeAll(async () => {
    node = await TestEventStore.start();
    const catalog = new EventCatalog();
    catalog.register([added]);
    store = new EventStoreDbEventStore({ url: node.url }, new EventCodec(catalog), new Metrics());
  });

  afterAll(async () => {
    await store.close();
    await node.stop();
  });

  it('hears once that there is nothing to catch up with, and then of the first event', async () => {
    const told: LogItem['kind'][] = [];
    const stopped = new AbortController();
    const following = (async () => {
      for await (const item of store.followAll(null, ['sum-'], stopped.signal))
        told.push(item.kind);
    })();
    await eventually(() => told.includes('caught_up'));
    await store.append('sum-1', 'no_stream', [addition(1)]);
    await eventually(() => told.includes('event'));
    stopped.abort();
    await following;

    expect(told.slice(0, 2)).toEqual(['caught_up', 'event']);
  });
});
