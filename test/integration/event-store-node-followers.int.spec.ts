import { binaryEvent, END, START } from '@eventstore/db-client';
import { eventually } from '../support/eventually.js';
import { EventStoreProcess } from '../support/event-store-process.js';

const WITHIN = { withinMs: 30_000 };
/** More together than the node keeps of the log in memory. */
const EVENTS = 1200;
const EVENT_BYTES = 16 * 1024;

describe('following the event-store node slowly', () => {
  let directory = '';
  let node: EventStoreProcess;

  beforeEach(async () => {
    directory = await EventStoreProcess.newDirectory();
    node = await EventStoreProcess.start(directory);
  });

  afterEach(async () => {
    await node.stop();
    await EventStoreProcess.remove(directory);
  });

  const appendMany = async (count: number): Promise<void> => {
    const data = Buffer.alloc(EVENT_BYTES, 1);
    for (let sent = 0; sent < count; sent += 40) {
      const events = Array.from({ length: 40 }, () => binaryEvent({ type: 'Large', data }));
      await node.client.appendToStream('large', events);
    }
  };

  it('tells a follower that fell behind everything, and that it has caught up again', async () => {
    const revisions: number[] = [];
    let caughtUp = 0;
    const subscription = node.client.subscribeToAll({ fromPosition: END });
    subscription.on('caughtUp', () => {
      caughtUp += 1;
    });
    subscription.on('data', ({ event }) => revisions.push(Number(event?.revision)));
    await eventually(() => expect(caughtUp).toBe(1), WITHIN);
    subscription.pause();
    await appendMany(EVENTS);
    subscription.resume();
    await eventually(() => expect(revisions).toHaveLength(EVENTS), WITHIN);
    await eventually(() => expect(caughtUp).toBe(2), WITHIN);
    await subscription.unsubscribe();

    expect(revisions).toEqual(Array.from({ length: EVENTS }, (_, index) => index));
  });

  it('says once that it has caught up with an empty log', async () => {
    const story: string[] = [];
    const subscription = node.client.subscribeToAll({ fromPosition: START });
    subscription.on('caughtUp', () => story.push('caught up'));
    subscription.on('data', ({ event }) => story.push(`event ${event?.revision}`));
    await eventually(() => expect(story).toEqual(['caught up']), WITHIN);
    await appendMany(40);
    await eventually(() => expect(story).toHaveLength(41), WITHIN);
    await subscription.unsubscribe();

    expect(story.filter((said) => said === 'caught up')).toHaveLength(1);
  });

  it('goes on serving others while many do not read', async () => {
    const silent = Array.from({ length: 20 }, () => node.client.subscribeToAll());
    await Promise.all(silent.map((one) => new Promise((heard) => one.once('confirmation', heard))));
    for (const one of silent) one.on('error', () => undefined).pause();
    await appendMany(EVENTS);
    let told = 0;
    for await (const _ of node.client.readAll({ fromPosition: START })) told += 1;
    await Promise.all(silent.map((one) => one.unsubscribe()));

    expect(told).toBe(EVENTS);
  });
});
