import {
  binaryEvent,
  END,
  eventTypeFilter,
  jsonEvent,
  PARK,
  type PersistentAction,
  PersistentSubscriptionDoesNotExistError,
  PersistentSubscriptionDroppedError,
  PersistentSubscriptionExistsError,
  PersistentSubscriptionMaximumSubscribersReachedError,
  persistentSubscriptionToAllSettingsFromDefaults as allSettings,
  persistentSubscriptionToStreamSettingsFromDefaults as streamSettings,
  type PersistentSubscriptionToStreamResolvedEvent,
  type Position,
  START,
} from '@eventstore/db-client';
import { eventually } from '../../support/eventually.js';
import { failureOf, note, notes, type Store, textOf, WITHIN } from './event-store-under-test.js';

type Settings = Parameters<typeof streamSettings>[0];
type Told = PersistentSubscriptionToStreamResolvedEvent;

const GROUP = 'workers';
const fromStart = (changes: Settings = {}) => streamSettings({ startFrom: START, ...changes });

/** What one consumer of a group was told; it answers each message as it was made to. */
class Worker {
  readonly told: Told[] = [];
  error: Error | undefined;
  private readonly connection;

  constructor(
    store: ReturnType<Store>,
    stream: string,
    { bufferSize = 10, answer = 'ack' }: { bufferSize?: number; answer?: Answer } = {},
  ) {
    this.connection = store.client.subscribeToPersistentSubscriptionToStream(stream, GROUP, {
      bufferSize,
    });
    this.connection.on('error', (error: Error) => {
      this.error = error;
    });
    this.connection.on('data', (event: Told) => {
      this.told.push(event);
      if (answer === 'ack') void this.connection.ack(event);
      else if (answer !== 'nothing') void this.connection.nack(answer, 'because', event);
    });
  }

  get texts(): string[] {
    return this.told.map(({ event }) => textOf(event));
  }

  get retries(): number[] {
    return this.told.map(({ retryCount }) => retryCount);
  }

  ack(...events: Told[]): Promise<void> {
    return this.connection.ack(...events);
  }

  nack(action: PersistentAction, ...events: Told[]): Promise<void> {
    return this.connection.nack(action, 'because', ...events);
  }

  until(check: (worker: Worker) => void): Promise<void> {
    return eventually(() => check(this), WITHIN);
  }

  stop(): Promise<void> {
    return this.connection.unsubscribe();
  }
}

type Answer = PersistentAction | 'ack' | 'nothing';

/** Persistent subscriptions: groups of consumers who share the messages of a stream. */
export function sharingWorkContract(store: Store): void {
  const workers: Worker[] = [];
  const work = (stream: string, how?: ConstructorParameters<typeof Worker>[2]): Worker => {
    const worker = new Worker(store(), stream, how);
    workers.push(worker);
    return worker;
  };
  const groupOn = (stream: string, settings = fromStart()) =>
    store().client.createPersistentSubscriptionToStream(stream, GROUP, settings);
  /** A stream of notes with a group that begins at the first. */
  const shared = async (count: number, changes: Settings = {}): Promise<string> => {
    const stream = await store().streamOf(count);
    await groupOn(stream, fromStart(changes));
    return stream;
  };
  const infoOf = (stream: string) =>
    store().client.getPersistentSubscriptionToStreamInfo(stream, GROUP);
  const parkedCountBecomes = (stream: string, count: number) =>
    eventually(
      async () => expect((await infoOf(stream)).stats.parkedMessageCount).toBe(BigInt(count)),
      WITHIN,
    );

  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  });

  describe('founding a group', () => {
    it('may be done before the stream exists', async () => {
      const stream = store().newStream();
      await groupOn(stream);
      const worker = work(stream);
      await store().append(stream, note('first'));

      await worker.until(({ texts }) => expect(texts).toEqual(['first']));
    });

    it('is refused the second time', async () => {
      const stream = await shared(1);
      const refused = await failureOf(groupOn(stream), PersistentSubscriptionExistsError);

      expect([refused.streamName, refused.groupName]).toEqual([stream, GROUP]);
    });

    it('lets two groups of one stream each have every message', async () => {
      const stream = await shared(2);
      await store().client.createPersistentSubscriptionToStream(stream, 'others', fromStart());
      const told: string[] = [];
      const others = store().client.subscribeToPersistentSubscriptionToStream(stream, 'others');
      others.on('data', (event: Told) => {
        told.push(textOf(event.event));
        void others.ack(event);
      });
      const worker = work(stream);
      await worker.until(({ texts }) => expect(texts).toEqual(['0', '1']));
      await eventually(() => expect(told).toEqual(['0', '1']), WITHIN);
      await others.unsubscribe();
    });

    it('lists the groups of a stream', async () => {
      const stream = await shared(1);
      const [listed] = await store().client.listPersistentSubscriptionsToStream(stream);

      expect([listed?.eventSource, listed?.groupName]).toEqual([stream, GROUP]);
    });

    it('lists groups of all streams', async () => {
      const streams = [await shared(1), await shared(1)];
      const listed = (await store().client.listAllPersistentSubscriptions()).map(
        ({ eventSource }) => eventSource,
      );

      expect(listed).toEqual(expect.arrayContaining(streams));
    });

    it('says that a stream has no group', async () => {
      const attempt = store().client.listPersistentSubscriptionsToStream(store().newStream());

      expect(await failureOf(attempt, PersistentSubscriptionDoesNotExistError)).toBeInstanceOf(
        Error,
      );
    });

    it('tells the settings of a group', async () => {
      const stream = await shared(1, { maxRetryCount: 3, messageTimeout: 4000 });
      const { settings } = await infoOf(stream);

      expect([settings.maxRetryCount, settings.messageTimeout]).toEqual([3, 4000]);
    });
  });

  describe('ending a group', () => {
    it('tells its consumers', async () => {
      const stream = await shared(1);
      const worker = work(stream);
      await worker.until(({ texts }) => expect(texts).toEqual(['0']));
      await store().client.deletePersistentSubscriptionToStream(stream, GROUP);

      await worker.until(({ error }) =>
        expect(error).toBeInstanceOf(PersistentSubscriptionDroppedError),
      );
    });

    it('leaves nothing to join', async () => {
      const stream = await shared(1);
      await store().client.deletePersistentSubscriptionToStream(stream, GROUP);
      const worker = work(stream);

      await worker.until(({ error }) =>
        expect(error).toBeInstanceOf(PersistentSubscriptionDoesNotExistError),
      );
    });

    it('is refused when there is none', async () => {
      const attempt = store().client.deletePersistentSubscriptionToStream(
        store().newStream(),
        GROUP,
      );

      expect(await failureOf(attempt, PersistentSubscriptionDoesNotExistError)).toBeInstanceOf(
        Error,
      );
    });

    it('lets a new group of that name begin afresh', async () => {
      const stream = await shared(2);
      const first = work(stream);
      await first.until(({ texts }) => expect(texts).toEqual(['0', '1']));
      await store().client.deletePersistentSubscriptionToStream(stream, GROUP);
      await groupOn(stream);
      const second = work(stream);

      await second.until(({ texts }) => expect(texts).toEqual(['0', '1']));
    });
  });

  describe('changing a group', () => {
    it('takes the new settings', async () => {
      const stream = await shared(1);
      const settings = fromStart({ maxRetryCount: 7 });
      await store().client.updatePersistentSubscriptionToStream(stream, GROUP, settings);

      expect((await infoOf(stream)).settings.maxRetryCount).toBe(7);
    });

    it('sends its consumers away', async () => {
      const stream = await shared(1);
      const worker = work(stream);
      await worker.until(({ texts }) => expect(texts).toEqual(['0']));
      await store().client.updatePersistentSubscriptionToStream(stream, GROUP, fromStart());

      await worker.until(({ error }) =>
        expect(error).toBeInstanceOf(PersistentSubscriptionDroppedError),
      );
    });

    it('is refused when there is none', async () => {
      const attempt = store().client.updatePersistentSubscriptionToStream(
        store().newStream(),
        GROUP,
        fromStart(),
      );

      expect(await failureOf(attempt, PersistentSubscriptionDoesNotExistError)).toBeInstanceOf(
        Error,
      );
    });
  });

  describe('taking messages of a group', () => {
    it('begins where the group was told to', async () => {
      const stream = await store().streamOf(5);
      await groupOn(stream, streamSettings({ startFrom: 3n }));
      const worker = work(stream);

      await worker.until(({ texts }) => expect(texts).toEqual(['3', '4']));
    });

    it('begins with what is appended later when told to begin at the end', async () => {
      const stream = await store().streamOf(3);
      await groupOn(stream, streamSettings({ startFrom: END }));
      const worker = work(stream);
      await store().append(stream, note('later'));

      await worker.until(({ texts }) => expect(texts).toEqual(['later']));
    });

    it('goes on with what is appended', async () => {
      const stream = await shared(1);
      const worker = work(stream);
      await worker.until(({ texts }) => expect(texts).toEqual(['0']));
      for (const text of ['a', 'b', 'c']) await store().append(stream, note(text));

      await worker.until(({ texts }) => expect(texts).toEqual(['0', 'a', 'b', 'c']));
    });

    it('misses and repeats nothing of a long history', async () => {
      const stream = await shared(300);
      const worker = work(stream);

      await worker.until(({ texts }) =>
        expect(texts).toEqual(Array.from({ length: 300 }, (_, index) => `${index}`)),
      );
    });

    it('sends no more at once than the consumer has room for', async () => {
      const stream = await shared(20);
      const worker = work(stream, { bufferSize: 4, answer: 'nothing' });
      await worker.until(({ told }) => expect(told).toHaveLength(4));
      const [first] = worker.told;
      if (first !== undefined) await worker.ack(first);

      await worker.until(({ texts }) => expect(texts).toEqual(['0', '1', '2', '3', '4']));
    });

    it('shares the messages among the consumers', async () => {
      const stream = store().newStream();
      await groupOn(stream);
      const [one, two] = [work(stream), work(stream)];
      await eventually(
        async () => expect((await infoOf(stream)).connections).toHaveLength(2),
        WITHIN,
      );
      await store().append(stream, notes(20));
      await eventually(() => expect(one.told.length + two.told.length).toBe(20), WITHIN);

      expect(new Set([...one.texts, ...two.texts]).size).toBe(20);
      expect(Math.min(one.told.length, two.told.length)).toBeGreaterThan(0);
    });

    it('says that a group does not exist', async () => {
      const worker = work(await store().streamOf(1));

      await worker.until(({ error }) =>
        expect(error).toBeInstanceOf(PersistentSubscriptionDoesNotExistError),
      );
    });

    it('lets in no more consumers than the group allows', async () => {
      const stream = await shared(1, { maxSubscriberCount: 1 });
      const first = work(stream);
      await first.until(({ told }) => expect(told).toHaveLength(1));
      const second = work(stream);

      await second.until(({ error }) =>
        expect(error).toBeInstanceOf(PersistentSubscriptionMaximumSubscribersReachedError),
      );
    });

    it('counts the tries from 0', async () => {
      const stream = await shared(1);
      const worker = work(stream);

      await worker.until(({ retries }) => expect(retries).toEqual([0]));
    });
  });

  describe('leaving messages undone', () => {
    it('sends to another consumer what a lost one had open', async () => {
      const stream = await shared(3);
      const lost = work(stream, { answer: 'nothing' });
      await lost.until(({ told }) => expect(told).toHaveLength(3));
      await lost.stop();
      const other = work(stream);

      await other.until(({ texts }) => expect(texts.toSorted()).toEqual(['0', '1', '2']));
    });

    it('sends a message again that was not answered in time', async () => {
      const stream = await shared(1, { messageTimeout: 500 });
      const worker = work(stream, { answer: 'nothing' });

      await worker.until(({ retries }) => expect(retries.slice(0, 2)).toEqual([0, 1]));
    });

    it('sends a message again when asked to', async () => {
      const stream = await shared(1);
      const worker = work(stream, { answer: 'nothing' });
      await worker.until(({ told }) => expect(told).toHaveLength(1));
      const [first] = worker.told;
      if (first !== undefined) await worker.nack('retry', first);

      await worker.until(({ retries }) => expect(retries).toEqual([0, 1]));
    });

    it('does not send again what is to be skipped', async () => {
      const stream = await shared(2);
      const worker = work(stream, { answer: 'skip', bufferSize: 1 });
      await worker.until(({ texts }) => expect(texts).toEqual(['0', '1']));
      const { stats } = await infoOf(stream);

      expect(stats.parkedMessageCount).toBe(0n);
    });

    it('parks a message when asked to', async () => {
      const stream = await shared(2);
      work(stream, { answer: 'park' });

      await parkedCountBecomes(stream, 2);
    });

    it('parks a message that was tried too often', async () => {
      const stream = await shared(1, { maxRetryCount: 2 });
      const worker = work(stream, { answer: 'retry' });
      await parkedCountBecomes(stream, 1);

      expect(worker.retries).toEqual([0, 1, 2]);
    });

    it('keeps a link to what is parked, and why', async () => {
      const stream = await shared(1);
      work(stream, { answer: 'park' });
      await parkedCountBecomes(stream, 1);
      const [parked] = await store().read(`$persistentsubscription-${stream}::${GROUP}-parked`);

      expect([
        parked?.type,
        Buffer.from(parked?.data as Uint8Array).toString(),
        JSON.stringify(parked?.metadata),
      ]).toEqual(['$>', `0@${stream}`, expect.stringContaining('because')]);
    });
  });

  describe('trying parked messages again', () => {
    const parkedOf = async (count: number): Promise<string> => {
      const stream = await shared(count);
      const refusing = work(stream, { answer: 'park' });
      await parkedCountBecomes(stream, count);
      await refusing.stop();
      return stream;
    };

    it('sends all of them in order', async () => {
      const stream = await parkedOf(3);
      const worker = work(stream);
      await store().client.replayParkedMessagesToStream(stream, GROUP);

      await worker.until(({ texts }) => expect(texts).toEqual(['0', '1', '2']));
    });

    it('parks them no longer', async () => {
      const stream = await parkedOf(3);
      work(stream);
      await store().client.replayParkedMessagesToStream(stream, GROUP);

      await parkedCountBecomes(stream, 0);
    });

    it('stops where it is told to', async () => {
      const stream = await parkedOf(3);
      const worker = work(stream);
      await store().client.replayParkedMessagesToStream(stream, GROUP, { stopAt: 2 });
      await worker.until(({ texts }) => expect(texts).toEqual(['0', '1']));

      await parkedCountBecomes(stream, 1);
    });

    it('is refused when there is no group', async () => {
      const attempt = store().client.replayParkedMessagesToStream(store().newStream(), GROUP);

      expect(await failureOf(attempt, PersistentSubscriptionDoesNotExistError)).toBeInstanceOf(
        Error,
      );
    });
  });

  describe('keeping the progress of a group', () => {
    it('goes on after what was done when all consumers have left', async () => {
      const stream = await shared(3);
      const first = work(stream);
      await first.until(({ texts }) => expect(texts).toEqual(['0', '1', '2']));
      await first.stop();
      await store().append(stream, note('new'));
      const second = work(stream);

      await second.until(({ texts }) => expect(texts).toEqual(['new']));
    });

    it('keeps it in the log when enough is done', async () => {
      const limits = { checkPointLowerBound: 1, checkPointUpperBound: 5, checkPointAfter: 100 };
      const stream = await shared(20, limits);
      const worker = work(stream);
      await worker.until(({ told }) => expect(told).toHaveLength(20));
      const checkpoints = `$persistentsubscription-${stream}::${GROUP}-checkpoint`;

      await eventually(async () => {
        const kept = await store().read(checkpoints);
        expect(kept.at(-1)?.data).toBe('19');
      }, WITHIN);
    });

    it('goes on from the kept progress when the group is changed', async () => {
      const limits = { checkPointLowerBound: 1, checkPointUpperBound: 5, checkPointAfter: 100 };
      const stream = await shared(10, limits);
      const first = work(stream);
      await first.until(({ told }) => expect(told).toHaveLength(10));
      await eventually(async () => {
        const { stats } = await infoOf(stream);
        expect(`${stats.lastCheckpointedEventRevision}`).toBe('9');
      }, WITHIN);
      const settings = fromStart(limits);
      await store().client.updatePersistentSubscriptionToStream(stream, GROUP, settings);
      await store().append(stream, note('new'));
      const second = work(stream);

      await second.until(({ texts }) => expect(texts).toEqual(['new']));
    });
  });

  describe('pinning messages to consumers', () => {
    it('sends the messages of one linked stream to one consumer', async () => {
      const sources = [await store().streamOf(5), await store().streamOf(5)];
      const links = store().newStream('links');
      await groupOn(links, fromStart({ resolveLinkTos: true, consumerStrategyName: 'Pinned' }));
      const pair = [work(links), work(links)];
      await eventually(
        async () => expect((await infoOf(links)).connections).toHaveLength(2),
        WITHIN,
      );
      for (let revision = 0; revision < 5; revision += 1) {
        for (const source of sources) {
          const data = Buffer.from(`${revision}@${source}`);
          await store().append(links, binaryEvent({ type: '$>', data }));
        }
      }
      await eventually(() => expect(pair.flatMap(({ told }) => told)).toHaveLength(10), WITHIN);
      const consumersOf = (source: string): number =>
        pair.filter(({ told }) => told.some(({ event }) => event?.streamId === source)).length;

      expect(sources.map(consumersOf)).toEqual([1, 1]);
    });
  });

  describe('sharing the messages of $all', () => {
    /** The streams that $all shows from an append on. */
    const shownSince = async (answer: { readonly position?: Position }): Promise<Set<string>> =>
      new Set((await store().allFrom(answer)).map(({ event }) => event?.streamId ?? ''));

    it('hides from $all what a group of $all has parked, and nothing else that is parked', async () => {
      const { client } = store();
      const group = store().newStream('group');
      const stream = await shared(1);
      const type = `Parked${Date.now()}`;
      await client.createPersistentSubscriptionToAll(group, allSettings({ startFrom: END }), {
        filter: eventTypeFilter({ prefixes: [type] }),
      });
      const before = await store().append(store().newStream(), note());
      const connection = client.subscribeToPersistentSubscriptionToAll(group);
      connection.on('data', (event: Told) => void connection.nack(PARK, 'because', event));
      work(stream, { answer: 'park' });
      await store().append(store().newStream(), jsonEvent({ type, data: {} }));
      await parkedCountBecomes(stream, 1);
      await eventually(async () => {
        const { stats } = await client.getPersistentSubscriptionToAllInfo(group);
        expect(stats.parkedMessageCount).toBe(1n);
      }, WITHIN);
      const shown = await shownSince(before);
      await connection.unsubscribe();
      await client.deletePersistentSubscriptionToAll(group);

      expect(shown).toContain(`$persistentsubscription-${stream}::${GROUP}-parked`);
      expect(
        [...shown].filter((name) => name.startsWith('$persistentsubscription-$all::')),
      ).toEqual([]);
    });

    it('sends what fits the filter of the group', async () => {
      const { client } = store();
      const group = store().newStream('group');
      const type = `Wanted${Date.now()}`;
      await client.createPersistentSubscriptionToAll(group, allSettings({ startFrom: END }), {
        filter: eventTypeFilter({ prefixes: [type] }),
      });
      const told: string[] = [];
      const connection = client.subscribeToPersistentSubscriptionToAll(group);
      connection.on('data', (event: Told) => {
        told.push(textOf(event.event));
        void connection.ack(event);
      });
      await eventually(async () => {
        const info = await client.getPersistentSubscriptionToAllInfo(group);
        expect(info.connections).toHaveLength(1);
      }, WITHIN);
      const wanted = (text: string) => jsonEvent({ type, data: { text } });
      await store().append(store().newStream(), [note('noise'), wanted('a'), note('noise')]);
      await store().append(store().newStream(), wanted('b'));
      await eventually(() => expect(told).toEqual(['a', 'b']), WITHIN);
      await connection.unsubscribe();
      await client.deletePersistentSubscriptionToAll(group);
    });
  });
}
