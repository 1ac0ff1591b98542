import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { EventStoreNode } from '../../src/stand-ins/event-store-node/event-store-node.js';
import { eventually } from '../support/eventually.js';

let directory: string;
let node: EventStoreNode;
let client: EventStoreDBClient;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'empty-log-'));
  node = await EventStoreNode.start({ directory, port: 0 });
  client = EventStoreDBClient.connectionString(node.connectionString);
});

afterAll(async () => {
  await client.dispose();
  await node.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('following a log that is still empty', () => {
  it('says once that it has caught up, and then what is appended', async () => {
    const heard: string[] = [];
    const subscription = client.subscribeToAll();
    subscription.on('caughtUp', () => heard.push('caught up'));
    subscription.on('data', ({ event }) => heard.push(event?.type ?? 'nothing'));
    await eventually(() => heard.includes('caught up'));

    const event = jsonEvent({ type: 'Happened', data: {} });
    await client.appendToStream('first-1', event, { expectedRevision: NO_STREAM });
    await eventually(() => heard.includes('Happened'));
    await subscription.unsubscribe();

    expect(heard).toEqual(['caught up', 'Happened']);
  });
});
