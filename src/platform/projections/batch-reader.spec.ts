import { eventually } from '../../../test/support/eventually.js';
import type { LogItem } from '../event-store/event-store.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import { BatchReader, type ReadBatch } from './batch-reader.js';

const at = (position: number): StoredEvent => ({
  eventId: `event-${position}`,
  type: 'Happened.v1',
  data: {},
  metadata: {
    actor: 'user:1',
    requestId: '',
    $correlationId: '',
    $causationId: '',
    traceId: null,
    previousHash: null,
  },
  streamName: 'thing-1',
  revision: BigInt(position),
  position: BigInt(position),
  preparePosition: BigInt(position),
  recordedAt: new Date(0),
  hash: '',
});
const event = (position: number): LogItem => ({ kind: 'event', event: at(position) });
const checkpoint = (position: number): LogItem => ({
  kind: 'checkpoint',
  position: BigInt(position),
  preparePosition: BigInt(position),
});
const caughtUp: LogItem = { kind: 'caught_up' };

/** A source that goes on for ever after its items. */
async function* endless(...items: LogItem[]): AsyncGenerator<LogItem> {
  yield* items;
  await new Promise(() => undefined);
}

const positions = (read: ReadBatch | null) =>
  read?.batch?.events.map(({ position }) => Number(position)) ?? null;

const patient = { size: 3, ms: 60_000 };

describe('cutting the log into batches', () => {
  it('waits for a full batch', async () => {
    const reader = new BatchReader(endless(event(1), event(2), event(3), event(4)), patient);
    const read = await reader.take();
    expect(positions(read)).toEqual([1, 2, 3]);
    expect(read?.batch?.upTo).toMatchObject({ position: 3n });
    reader.close();
  });

  it('hands out what is there once the time is over', async () => {
    const reader = new BatchReader(endless(event(1)), { size: 100, ms: 5 });
    expect(positions(await reader.take())).toEqual([1]);
  });

  it('waits longer after a batch of many, so that fewer batches are applied where much happens', async () => {
    const ten = Array.from({ length: 10 }, (_, index) => event(index + 1));
    let goOn: () => void = () => undefined;
    const moreMayCome = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    async function* busy(): AsyncGenerator<LogItem> {
      yield* ten;
      await moreMayCome;
      yield event(11);
      await new Promise(() => undefined);
    }
    const reader = new BatchReader(busy(), { size: 100, ms: 40 });
    expect(positions(await reader.take())).toHaveLength(10);
    const began = performance.now();
    goOn();
    expect(positions(await reader.take())).toEqual([11]);
    // Five times as long; timers may be a little early, never by a whole wait.
    expect(performance.now() - began).toBeGreaterThan(100);
  });

  it('hands out what is there at once when the log ends', async () => {
    const reader = new BatchReader(endless(event(1), caughtUp), patient);
    expect(await reader.take()).toMatchObject({
      caughtUp: true,
      batch: { upTo: { position: 1n } },
    });
  });

  it('says that the log ended there even when there was nothing to read', async () => {
    const reader = new BatchReader(endless(caughtUp), patient);
    expect(await reader.take()).toEqual({ caughtUp: true, batch: null });
  });

  it('is not caught up while more has been read', async () => {
    const reader = new BatchReader(endless(event(1), event(2), caughtUp, event(3)), patient);
    await eventually(() => reader.waiting === 3);
    expect(await reader.take()).toMatchObject({ caughtUp: false });
    reader.close();
  });

  it('moves the position over what it was not given', async () => {
    const reader = new BatchReader(endless(event(1), checkpoint(9), caughtUp), patient);
    const read = await reader.take();
    expect(read?.batch?.upTo.position).toBe(9n);
    expect(positions(read)).toEqual([1]);
  });

  it('never moves the position back to a mark behind what it has handed out', async () => {
    const items = [event(1), event(5), checkpoint(3), event(6), checkpoint(4), caughtUp];
    const reader = new BatchReader(endless(...items), patient);
    expect((await reader.take())?.batch?.upTo.position).toBe(5n);
    expect((await reader.take())?.batch?.upTo.position).toBe(6n);
    const behind = new BatchReader(endless(event(5), caughtUp, checkpoint(3), caughtUp), {
      ...patient,
      size: 2,
    });
    await behind.take();
    expect(await behind.take()).toMatchObject({
      caughtUp: true,
      batch: { events: [], upTo: { position: 5n } },
    });
  });

  it('reads two batches ahead and no further', async () => {
    let given = 0;
    async function* counting(): AsyncGenerator<LogItem> {
      for (;;) yield event((given += 1));
    }
    const reader = new BatchReader(counting(), patient);
    await eventually(() => reader.waiting === 6);
    await new Promise((resolve) => setImmediate(resolve));
    expect(given).toBe(6);
    expect(reader.oldest?.position).toBe(1n);
    await reader.take();
    await eventually(() => reader.waiting === 6);
    expect(reader.oldest?.position).toBe(4n);
    reader.close();
  });

  it('hands out what came before a failure, then fails', async () => {
    async function* failing(): AsyncGenerator<LogItem> {
      yield event(1);
      throw new Error('cut');
    }
    const reader = new BatchReader(failing(), patient);
    expect(positions(await reader.take())).toEqual([1]);
    await expect(reader.take()).rejects.toThrow('cut');
  });

  it('ends with its source', async () => {
    async function* ending(): AsyncGenerator<LogItem> {
      yield event(1);
    }
    const reader = new BatchReader(ending(), patient);
    await reader.take();
    expect(await reader.take()).toBeNull();
  });
});
