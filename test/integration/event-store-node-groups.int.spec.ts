import {
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client';
import { eventually } from '../support/eventually.js';
import { EventStoreProcess } from '../support/event-store-process.js';

const WITHIN = { withinMs: 30_000 };
const SETTINGS = persistentSubscriptionToStreamSettingsFromDefaults({
  startFrom: START,
  checkPointLowerBound: 1,
  checkPointAfter: 100,
});

describe('killing the event-store node between the messages of a group', () => {
  let directory = '';
  let node: EventStoreProcess | undefined;

  beforeEach(async () => {
    directory = await EventStoreProcess.newDirectory();
    node = await EventStoreProcess.start(directory);
  });

  afterEach(async () => {
    await node?.stop();
    await EventStoreProcess.remove(directory);
  });

  const append = async (...indexes: number[]): Promise<void> => {
    const events = indexes.map((index) => jsonEvent({ type: 'Counted', data: { index } }));
    await node?.client.appendToStream('counted', events);
  };

  /** Takes messages until so many have come; parks those it is told to. */
  const take = async (count: number, park: readonly number[] = []): Promise<unknown[]> => {
    const taken: unknown[] = [];
    const group = node?.client.subscribeToPersistentSubscriptionToStream('counted', 'group');
    group?.on('error', () => undefined);
    group?.on('data', (event) => {
      const revision = Number(event.event?.revision);
      taken.push(revision);
      void (park.includes(revision) ? group.nack('park', 'later', event) : group.ack(event));
    });
    await eventually(() => expect(taken).toHaveLength(count), WITHIN);
    return taken;
  };

  const statsOf = async () =>
    (await node?.client.getPersistentSubscriptionToStreamInfo('counted', 'group'))?.stats;

  const restart = async (): Promise<void> => {
    await node?.kill();
    node = await EventStoreProcess.start(directory);
  };

  it('keeps the group, what it has done and what it has parked', async () => {
    await node?.client.createPersistentSubscriptionToStream('counted', 'group', SETTINGS);
    await append(0, 1, 2, 3);
    await take(4, [1]);
    await eventually(async () => {
      const stats = await statsOf();
      expect(`${stats?.lastCheckpointedEventRevision} ${stats?.parkedMessageCount}`).toBe('3 1');
    }, WITHIN);
    await restart();
    await append(4);

    expect([await take(1), (await statsOf())?.parkedMessageCount]).toEqual([[4], 1n]);
  });

  it('sends again what was taken and not answered', async () => {
    await node?.client.createPersistentSubscriptionToStream('counted', 'group', SETTINGS);
    await append(0, 1);
    const silent = node?.client.subscribeToPersistentSubscriptionToStream('counted', 'group');
    const seen: unknown[] = [];
    silent?.on('error', () => undefined);
    silent?.on('data', (event) => seen.push(event));
    await eventually(() => expect(seen).toHaveLength(2), WITHIN);
    await restart();

    expect(await take(2)).toEqual([0, 1]);
  });
});
