import { randomUUID } from 'node:crypto';
import { EventCatalog } from '../../src/platform/event-store/event-catalog.js';
import { EventCodec } from '../../src/platform/event-store/event-codec.js';
import { EventStoreUnavailable, type LogItem } from '../../src/platform/event-store/event-store.js';
import { EventStoreDbEventStore } from '../../src/platform/event-store/eventstoredb.event-store.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { eventually } from '../support/eventually.js';
import { TestEventStore } from '../support/stores.js';
import { added, addition } from '../support/sum-projection.js';

const catalog = new EventCatalog();
catalog.register([added]);

let node: TestEventStore;
let store: EventStoreDbEventStore;

const newStream = (): string => `sum-${randomUUID()}`;

beforeAll(async () => {
  node = await TestEventStore.start();
});

afterAll(async () => {
  await node.stop();
});

beforeEach(() => {
  store = new EventStoreDbEventStore({ url: node.url }, new EventCodec(catalog), new Metrics());
});

afterEach(async () => {
  await store.close();
});

describe('appending while the store is away', () => {
  it('says so after its tries, and works again once the store is back', async () => {
    await store.append(newStream(), 'no_stream', [addition(1)]);
    await node.kill();
    await expect(store.append(newStream(), 'no_stream', [addition(1)])).rejects.toThrow(
      EventStoreUnavailable,
    );
    await expect(store.readStream(newStream())).rejects.toThrow(EventStoreUnavailable);
    await expect(store.ping()).rejects.toThrow(EventStoreUnavailable);
    await node.restart();
    await eventually(() => store.ping());
    const appended = await store.append(newStream(), 'no_stream', [addition(1)]);
    expect(appended).toMatchObject({ revision: 0n, retried: false });
  });

  it('loses and doubles nothing that it acknowledged', async () => {
    const stop = new AbortController();
    const acknowledged: string[] = [];
    let retried = 0;
    const writer = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        const stream = newStream();
        try {
          const appended = await store.append(stream, 'no_stream', [addition(1)]);
          acknowledged.push(stream);
          if (appended.retried) retried += 1;
        } catch (error) {
          if (!(error instanceof EventStoreUnavailable)) throw error;
        }
      }
    };
    const writers = Array.from({ length: 16 }, writer);
    await eventually(() => acknowledged.length > 50);
    await node.kill();
    await node.restart();
    await eventually(() => retried > 0);
    stop.abort();
    await Promise.all(writers);
    const lengths = await Promise.all(
      acknowledged.map(async (stream) => (await store.readStream(stream)).length),
    );
    expect(lengths.every((length) => length === 1)).toBe(true);
  });
});

describe('following while the store is away', () => {
  it('ends with an error that the caller can resume after', async () => {
    const stream = newStream();
    await store.append(stream, 'no_stream', [addition(1)]);
    const seen: LogItem[] = [];
    const following = (async () => {
      for await (const item of store.followAll(null, [stream], new AbortController().signal)) {
        seen.push(item);
      }
    })();
    const ended = expect(following).rejects.toThrow(EventStoreUnavailable);
    await eventually(() => seen.at(-1)?.kind === 'caught_up');
    await node.kill();
    await ended;
    await node.restart();
  });

  it('ends without an error when this process stops', async () => {
    const seen: LogItem[] = [];
    const following = (async () => {
      for await (const item of store.followAll(null, ['sum-'], new AbortController().signal)) {
        seen.push(item);
      }
      return 'ended';
    })();
    await eventually(() => seen.at(-1)?.kind === 'caught_up');
    await store.close();
    expect(await following).toBe('ended');
  });
});
