import { jsonEvent, START } from '@eventstore/db-client';
import { eventually } from '../support/eventually.js';
import { EventStoreProcess } from '../support/event-store-process.js';

describe('following a log that is still empty', () => {
  it('has caught up once, and waits', async () => {
    const directory = await EventStoreProcess.newDirectory();
    const node = await EventStoreProcess.start(directory);
    const seen: string[] = [];
    const subscription = node.client.subscribeToAll({ fromPosition: START });
    subscription.on('caughtUp', () => seen.push('caught up'));
    subscription.on('data', ({ event }) => seen.push(event?.type ?? 'nothing'));
    await eventually(() => seen.length > 0);
    await node.client.appendToStream('first-1', jsonEvent({ type: 'First', data: {} }));
    await eventually(() => seen.includes('First'));
    expect(seen).toEqual(['caught up', 'First']);
    await subscription.unsubscribe();
    await node.client.dispose();
    await node.stop();
    await EventStoreProcess.remove(directory);
  });
});
