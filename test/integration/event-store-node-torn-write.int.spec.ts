import { open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonEvent } from '@eventstore/db-client';
import { EventStoreProcess } from '../support/event-store-process.js';

/** A frame of SQLite's write-ahead log: a header of 24 bytes and one page. */
const FRAME_BYTES = 24 + 4096;

describe('tearing the last write of the event-store node', () => {
  let directory = '';
  let node: EventStoreProcess | undefined;

  beforeEach(async () => {
    directory = await EventStoreProcess.newDirectory();
  });

  afterEach(async () => {
    await node?.stop();
    await EventStoreProcess.remove(directory);
  });

  const walFile = (): string => join(directory, 'events.sqlite-wal');

  /** Writes so many events one by one, each in a transaction of its own, and kills the node. */
  const writeAndKill = async (count: number): Promise<void> => {
    const life = await EventStoreProcess.start(directory);
    for (let index = 0; index < count; index += 1) {
      const event = jsonEvent({ type: 'Counted', data: { index } });
      await life.client.appendToStream('torn', event, { expectedRevision: 'any' });
    }
    await life.kill();
  };

  const served = async (): Promise<number[]> => {
    node = await EventStoreProcess.start(directory);
    const indexes: number[] = [];
    for await (const { event } of node.client.readStream('torn')) {
      const body = event?.data;
      indexes.push(
        typeof body === 'object' && body !== null && 'index' in body ? Number(body.index) : -1,
      );
    }
    return indexes;
  };

  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

  it('serves everything when nothing is torn', async () => {
    await writeAndKill(20);

    expect(await served()).toEqual(upTo(20));
  });

  it('cuts a transaction of which the end is missing', async () => {
    await writeAndKill(20);
    const { size } = await stat(walFile());
    await truncate(walFile(), size - FRAME_BYTES / 2);

    expect(await served()).toEqual(upTo(19));
  });

  it('cuts a transaction of which a byte is wrong', async () => {
    await writeAndKill(20);
    const bytes = await readFile(walFile());
    const at = bytes.length - FRAME_BYTES / 2;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
    const file = await open(walFile(), 'r+');
    await file.write(bytes);
    await file.close();

    expect(await served()).toEqual(upTo(19));
  });

  it('takes no notice of a write that had only begun', async () => {
    await writeAndKill(20);
    const bytes = await readFile(walFile());
    const file = await open(walFile(), 'a');
    await file.write(bytes.subarray(bytes.length - FRAME_BYTES, bytes.length - 100));
    await file.close();

    expect(await served()).toEqual(upTo(20));
  });

  it('cuts it from the index of streams as well', async () => {
    const life = await EventStoreProcess.start(directory);
    for (let index = 0; index < 20; index += 1) {
      const event = jsonEvent({ type: 'Counted', data: { index } });
      await life.client.appendToStream('torn', event);
    }
    // A read makes the node write down which events belong to the stream.
    for await (const _ of life.client.readStream('torn', { direction: 'backwards' })) break;
    await life.kill();
    const { size } = await stat(walFile());
    await truncate(walFile(), size - FRAME_BYTES / 2);

    expect(await served()).toEqual(upTo(19));
  });

  it('makes the index of streams again when it is damaged or gone', async () => {
    await writeAndKill(20);
    await writeFile(join(directory, 'streams.sqlite'), 'This was an index once.'.repeat(400));
    const afterDamage = await served();
    await node?.stop();
    await rm(join(directory, 'streams.sqlite'));

    expect([afterDamage, await served()]).toEqual([upTo(20), upTo(20)]);
  });

  it('goes on with the number after the cut', async () => {
    await writeAndKill(20);
    const { size } = await stat(walFile());
    await truncate(walFile(), size - FRAME_BYTES / 2);
    const kept = await served();
    const event = jsonEvent({ type: 'Counted', data: { index: 19 } });
    const answer = await node?.client.appendToStream('torn', event, {
      expectedRevision: BigInt(kept.length - 1),
    });

    expect(answer?.nextExpectedRevision).toBe(19n);
  });
});
