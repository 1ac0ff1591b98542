import { eventually } from '../../../test/support/eventually.js';
import { InMemoryEventStore } from '../../../test/support/in-memory-event-store.js';
import { defineEvent } from '../../kernel/event.js';
import type { LogItem, LogPosition } from '../event-store/event-store.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import { eventToAppend } from '../../../test/support/event-to-append.js';
import { SharedFeed } from './shared-feed.js';

const happened = defineEvent<{ readonly count: number }>()('Happened.v1');
const metadata = {
  actor: 'user:1',
  requestId: '',
  $correlationId: '',
  $causationId: '',
  traceId: null,
  previousHash: null,
};

/** A log of single events, which knows how many subscriptions are open. */
class WatchedStore extends InMemoryEventStore {
  open = 0;
  private count = 0;

  constructor() {
    super([happened]);
  }

  async happens(category: string, times = 1): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      this.count += 1;
      const event = { eventId: `${this.count}`, type: 'Happened.v1', data: { count: this.count } };
      await this.append(`${category}-${this.count}`, 'no_stream', [
        eventToAppend({ ...event, metadata }),
      ]);
    }
  }

  override async *followAll(
    after: LogPosition | null,
    prefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<LogItem, void, undefined> {
    this.open += 1;
    try {
      yield* super.followAll(after, prefixes, signal);
    } finally {
      this.open -= 1;
    }
  }
}

/** Reads on until it is stopped or fails. */
class Reader {
  readonly events: StoredEvent[] = [];
  readonly checkpoints: bigint[] = [];
  failure: unknown = null;
  at: LogPosition | null = null;
  /** Resolves when the next item may be taken. */
  mayGoOn: Promise<unknown> = Promise.resolve();
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(feed: SharedFeed, category: string, after: LogPosition | null = null) {
    this.running = this.read(feed.follow(after, [`${category}-`], this.stopping.signal));
  }

  get counts(): readonly number[] {
    return this.events.map(({ data }) => (data as { count: number }).count);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async read(source: AsyncIterable<LogItem>): Promise<void> {
    try {
      for await (const item of source) {
        await this.mayGoOn;
        if (item.kind === 'event') this.events.push(item.event);
        if (item.kind === 'checkpoint') this.checkpoints.push(item.position);
      }
    } catch (error) {
      this.failure = error;
    }
  }
}

let store: WatchedStore;
let feed: SharedFeed;
let readers: Reader[];

const reader = (category: string, after: LogPosition | null = null): Reader => {
  const made = new Reader(feed, category, after);
  readers.push(made);
  return made;
};

beforeEach(() => {
  store = new WatchedStore();
  feed = new SharedFeed(store, ['a-', 'b-']);
  readers = [];
});

afterEach(() => Promise.all(readers.map((each) => each.stop())));

describe('following the log together', () => {
  it('takes an event apart once for all who have caught up', async () => {
    await store.happens('a', 3);
    const [one, other] = [reader('a'), reader('a')];
    await eventually(() => one.events.length === 3 && other.events.length === 3);
    await store.happens('a', 2);
    await eventually(() => one.events.length === 5 && other.events.length === 5);
    expect(store.open).toBe(1);
    expect(other.events[4]).toBe(one.events[4]);
    expect([one.counts, other.counts]).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ]);
  });

  it('gives each the streams that it asked for', async () => {
    const [a, b] = [reader('a'), reader('b')];
    await store.happens('a');
    await store.happens('b');
    await eventually(() => a.events.length === 1 && b.events.length === 1 && store.open === 1);
    await store.happens('a');
    await store.happens('b');
    await eventually(() => a.events.length === 2 && b.events.length === 2);
    expect([a.counts, b.counts]).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it('lets one who comes later catch up alone, and join with the next event', async () => {
    await store.happens('a', 5);
    const first = reader('a');
    await eventually(() => first.events.length === 5);
    const late = reader('a', first.events[1] ?? null);
    await eventually(() => late.events.length === 3);
    await store.happens('a');
    await eventually(() => late.events.length === 4 && first.events.length === 6);
    await eventually(() => store.open === 1);
    expect(late.counts).toEqual([3, 4, 5, 6]);
  });

  it('says now and then how far it looked to one whose streams stand still', async () => {
    await store.happens('b');
    const [a, b] = [reader('a'), reader('b')];
    await eventually(() => a.events.length === 0 && b.events.length === 1);
    await store.happens('a');
    await eventually(() => a.events.length === 1 && store.open === 1);
    await store.happens('b', 1_000);
    await eventually(() => a.checkpoints.length === 1 && b.events.length === 1_001);
    expect(a.checkpoints[0]).toBe(b.events[1_000]?.position);
  });

  it('loses nothing for one that fell far behind', async () => {
    const [slow, quick] = [reader('a'), reader('a')];
    await store.happens('a', 2);
    await eventually(() => slow.events.length === 2 && store.open === 1);
    let goOn: () => void = () => undefined;
    slow.mayGoOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await store.happens('a', 5_000);
    await eventually(() => quick.events.length === 5_002);
    expect(slow.events).toHaveLength(2);
    goOn();
    await eventually(() => slow.events.length === 5_002);
    expect(slow.counts).toEqual(quick.counts);
  });

  it('tells all of a lost connection, and begins anew with who comes back', async () => {
    const [one, other] = [reader('a'), reader('a')];
    await store.happens('a');
    await eventually(() => one.events.length === 1 && other.events.length === 1);
    store.goAway();
    await eventually(() => one.failure !== null && other.failure !== null);
    expect(one.failure).toMatchObject({ name: 'EventStoreUnavailable' });
    store.comeBack();
    await store.happens('a');
    const back = reader('a', one.events[0] ?? null);
    await eventually(() => back.events.length === 1);
    await store.happens('a');
    await eventually(() => back.events.length === 2);
    expect(back.counts).toEqual([2, 3]);
  });

  it('leaves the log alone when nobody reads any more', async () => {
    const [one, other] = [reader('a'), reader('a')];
    await store.happens('a');
    await eventually(() => one.events.length === 1 && other.events.length === 1);
    await one.stop();
    await store.happens('a');
    await eventually(() => other.events.length === 2);
    await other.stop();
    await eventually(() => store.open === 0);
    expect(one.failure).toBeNull();
  });

  it('ends with a store that is closed', async () => {
    const closed = { followAll: async function* (): AsyncGenerator<LogItem> {} };
    const items: LogItem[] = [];
    const following = new SharedFeed(closed, ['a-']).follow(
      null,
      ['a-'],
      new AbortController().signal,
    );
    for await (const item of following) items.push(item);
    expect(items).toEqual([]);
  });
});
