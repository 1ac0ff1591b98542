import { createServer, type AddressInfo } from 'node:net';
import {
  binaryEvent,
  EventStoreDBClient,
  jsonEvent,
  StreamNotFoundError,
  UnknownError,
} from '@eventstore/db-client';
import { recount, type Acknowledged } from '../support/acknowledged-writers.js';
import { EventStoreProcess } from '../support/event-store-process.js';

describe('refusing what the event-store node cannot do', () => {
  let directory = '';
  const running: EventStoreProcess[] = [];

  const start = async (...args: string[]): Promise<EventStoreProcess> => {
    const node = await EventStoreProcess.start(directory, ...args);
    running.push(node);
    return node;
  };

  beforeEach(async () => {
    directory = await EventStoreProcess.newDirectory();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((node) => node.stop()));
    await EventStoreProcess.remove(directory);
  });

  it('refuses a second process on the same folder', async () => {
    await start();

    await expect(start()).rejects.toThrow(`${directory} is in use by another event-store node`);
  });

  it('takes the folder over as soon as the first process is killed', async () => {
    const first = await start();
    await first.kill();

    expect((await start()).port).toBeGreaterThan(0);
  });

  it('says which port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;

    await expect(start('--port', `${port}`)).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken.`);
    other.close();
  });

  it('says what a service that it does not have is called', async () => {
    const { client } = await start();

    await expect(client.listProjections()).rejects.toThrow(
      'does not serve /event_store.client.projections.Projections',
    );
  });

  it('is found by a client that asks for the cluster', async () => {
    const { port } = await start();
    const client = EventStoreDBClient.connectionString(
      `esdb+discover://127.0.0.1:${port}?tls=false`,
    );
    const answer = await client.appendToStream('found', jsonEvent({ type: 'Found', data: {} }));

    expect(answer.success).toBe(true);
  });

  it('ends with exit code 0 when asked to', async () => {
    expect(await (await start()).stop()).toBe(0);
  });

  describe('with a full disk', () => {
    const PAGES = '96';
    const large = () => binaryEvent({ type: 'Large', data: Buffer.alloc(20_000, 1) });

    /** Appends until the disk is full; what was acknowledged until then, and the error. */
    const fill = async ({ client }: EventStoreProcess) => {
      const acknowledged: Acknowledged[] = [];
      for (;;) {
        const event = large();
        try {
          const answer = await client.appendToStream('large', event);
          const revision = answer.nextExpectedRevision;
          acknowledged.push({ stream: 'large', revision, id: event.id });
        } catch (error) {
          return { acknowledged, error, refused: event };
        }
      }
    };

    it('answers an append with an error', async () => {
      const { error } = await fill(await start('--max-pages', PAGES));

      expect(error).toBeInstanceOf(UnknownError);
    });

    it('goes on serving what is there', async () => {
      const node = await start('--max-pages', PAGES);
      const { acknowledged } = await fill(node);

      expect(await recount(node.client, acknowledged)).toMatchObject({
        stored: acknowledged.length,
        lost: [],
        doubled: [],
      });
    });

    it('keeps nothing of the append that found no room', async () => {
      const node = await start('--max-pages', PAGES);
      const refused = Array.from({ length: 40 }, large);
      await expect(node.client.appendToStream('whole', refused)).rejects.toThrow(Error);

      await expect(async () => {
        for await (const _ of node.client.readStream('whole')) break;
      }).rejects.toThrow(StreamNotFoundError);
    });

    it('takes a small append after it has refused a large one', async () => {
      const { client } = await start('--max-pages', PAGES);
      await expect(
        client.appendToStream('whole', Array.from({ length: 40 }, large)),
      ).rejects.toThrow(Error);
      const answer = await client.appendToStream('small', jsonEvent({ type: 'Small', data: {} }));

      expect(answer.success).toBe(true);
    });

    it('does not take the events it refused for written ones', async () => {
      const { client } = await start('--max-pages', PAGES);
      const small = jsonEvent({ type: 'Small', data: {} });
      const refused = [small, ...Array.from({ length: 40 }, large)];
      await expect(client.appendToStream('whole', refused)).rejects.toThrow(Error);
      await client.appendToStream('whole', small, { expectedRevision: 'any' });
      const revisions: bigint[] = [];
      for await (const { event } of client.readStream('whole')) {
        revisions.push(event?.revision ?? -1n);
      }

      expect(revisions).toEqual([0n]);
    });

    it('takes the refused append, once, when there is room again', async () => {
      const full = await start('--max-pages', PAGES);
      const { acknowledged, refused } = await fill(full);
      await full.stop();
      const roomy = await start();
      const answer = await roomy.client.appendToStream('large', refused);
      const again = await roomy.client.appendToStream('large', refused);

      expect([answer.nextExpectedRevision, again.nextExpectedRevision]).toEqual([
        BigInt(acknowledged.length),
        BigInt(acknowledged.length),
      ]);
    });
  });

  it('remembers the ids of its newest events over a restart', async () => {
    const event = jsonEvent({ type: 'Counted', data: {} });
    const first = await start();
    await first.client.appendToStream('kept', [event]);
    await first.stop();
    const second = await start();
    const answer = await second.client.appendToStream('kept', [event]);

    expect(answer.nextExpectedRevision).toBe(0n);
  });
});
