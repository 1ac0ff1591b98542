import { randomUUID } from 'node:crypto';
import { defineEvent } from '../../src/kernel/event.js';
import type { RegisteredEvent } from '../../src/platform/event-store/event-catalog.js';
import { UnknownEventType } from '../../src/platform/event-store/event-codec.js';
import { hashOf, storedBytes } from '../../src/platform/event-store/event-hash.js';
import {
  StreamConflict,
  type EventStore,
  type EventToAppend,
  type LogItem,
  type LogPosition,
} from '../../src/platform/event-store/event-store.js';
import type { EventMetadata } from '../../src/platform/event-store/stored-event.js';
import { eventToAppend } from '../support/event-to-append.js';

const thingHappened = defineEvent<{ readonly label: string; readonly size: number }>()(
  'ThingHappened.v2',
  { 'ThingHappened.v1': ({ name }: { name: string }) => ({ label: name, size: 0 }) },
);

/** What the store under test must be able to read. */
export const contractEvents: readonly RegisteredEvent[] = [thingHappened];

const metadata: EventMetadata = {
  actor: 'process:contract',
  requestId: 'request-1',
  $correlationId: 'correlation-1',
  $causationId: 'causation-1',
  traceId: null,
  previousHash: null,
};

const thing = (label: string, size = 1): EventToAppend =>
  eventToAppend({ eventId: randomUUID(), metadata, ...thingHappened({ label, size }) });

const labelsOf = (items: readonly LogItem[]): string[] =>
  items.flatMap((item) =>
    item.kind === 'event' ? [(item.event.data as { label: string }).label] : [],
  );

const positionOf = (item: LogItem | undefined): LogPosition => {
  if (item?.kind === 'event') return item.event;
  if (item?.kind === 'checkpoint') return item;
  throw new Error('the item has no position');
};

/** The rules of the port `EventStore`, for whatever stands behind it. */
export function eventStorePortContract(theStore: () => EventStore): void {
  const newStream = (category = 'thing') => `${category}-${randomUUID()}`;

  /** Reads the log after a position until the store says "caught up". */
  const history = async (
    after: LogPosition | null,
    prefixes: readonly string[],
  ): Promise<LogItem[]> => {
    const items: LogItem[] = [];
    const stop = new AbortController();
    for await (const item of theStore().followAll(after, prefixes, stop.signal)) {
      if (item.kind === 'caught_up') stop.abort();
      else items.push(item);
    }
    return items;
  };

  describe('appending to a stream', () => {
    it('numbers events from zero and gives a position that grows', async () => {
      const [one, other] = [newStream(), newStream()];
      const first = await theStore().append(one, 'no_stream', [thing('a'), thing('b')]);
      const second = await theStore().append(other, 'no_stream', [thing('c')]);
      expect(first).toMatchObject({ revision: 1n, retried: false });
      expect(second.revision).toBe(0n);
      expect(second.position > first.position).toBe(true);
    });

    it('accepts the revision that the stream is at', async () => {
      const stream = newStream();
      await theStore().append(stream, 'no_stream', [thing('a')]);
      expect((await theStore().append(stream, 0n, [thing('b')])).revision).toBe(1n);
    });

    it.each([
      ['no stream, though it exists', 'no_stream' as const],
      ['an older revision', 0n],
      ['a newer revision', 2n],
    ])('refuses %s', async (_, expected) => {
      const stream = newStream();
      await theStore().append(stream, 'no_stream', [thing('a'), thing('b')]);
      await expect(theStore().append(stream, expected, [thing('c')])).rejects.toThrow(
        StreamConflict,
      );
    });

    it('refuses a revision of a stream that does not exist', async () => {
      await expect(theStore().append(newStream(), 0n, [thing('a')])).rejects.toThrow(
        StreamConflict,
      );
    });

    it('takes the same append again as done already', async () => {
      const stream = newStream();
      const events = [thing('a'), thing('b')];
      const first = await theStore().append(stream, 'no_stream', events);
      const again = await theStore().append(stream, 'no_stream', events);
      expect(again).toMatchObject({ revision: first.revision, position: first.position });
      expect(await theStore().readStream(stream)).toHaveLength(2);
    });

    it('takes the same append again even when others wrote after it', async () => {
      const stream = newStream();
      const events = [thing('a')];
      await theStore().append(stream, 'no_stream', events);
      await theStore().append(stream, 0n, [thing('b')]);
      expect((await theStore().append(stream, 'no_stream', events)).revision).toBe(0n);
      expect(await theStore().readStream(stream)).toHaveLength(2);
    });

    it('lets one of many writers win', async () => {
      const stream = newStream();
      const tries = Array.from({ length: 8 }, (_, at) =>
        theStore().append(stream, 'no_stream', [thing(`writer ${at}`)]),
      );
      const outcomes = await Promise.allSettled(tries);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await theStore().readStream(stream)).toHaveLength(1);
    });
  });

  describe('reading a stream', () => {
    it('gives nothing for a stream that does not exist', async () => {
      expect(await theStore().readStream(newStream())).toEqual([]);
    });

    it('gives back what was written, in order', async () => {
      const stream = newStream();
      const events = [thing('á', 1), thing('b', 2)];
      const { position } = await theStore().append(stream, 'no_stream', events);
      const read = await theStore().readStream(stream);
      expect(read.map(({ eventId }) => eventId)).toEqual(events.map(({ eventId }) => eventId));
      expect(read[0]).toMatchObject({ type: 'ThingHappened.v2', revision: 0n, metadata });
      expect(read[0]?.data).toEqual({ label: 'á', size: 1 });
      expect(read[1]).toMatchObject({ streamName: stream, revision: 1n, position });
    });

    it('hashes what it reads to what was written', async () => {
      const stream = newStream();
      const data = { 'b key': [1.5, -0, 1e21, null], a: '\u{1F4B0} "\\ \u2028', 7: { z: 1, a: 2 } };
      const event = { ...thing(''), data: JSON.stringify(data) };
      await theStore().append(stream, 'no_stream', [event]);
      const [read] = await theStore().readStream(stream);
      expect(read?.hash).toBe(hashOf(storedBytes(event.type, data, metadata)));
    });

    it('reads an older version as the latest', async () => {
      const stream = newStream();
      const data = { name: 'old' };
      const older = { ...thing(''), type: 'ThingHappened.v1', data: JSON.stringify(data) };
      await theStore().append(stream, 'no_stream', [older]);
      const [read] = await theStore().readStream(stream);
      expect(read?.type).toBe('ThingHappened.v2');
      expect(read?.data).toEqual({ label: 'old', size: 0 });
      expect(read?.hash).toBe(hashOf(storedBytes(older.type, data, metadata)));
    });

    it('refuses a stream with an event that nobody registered', async () => {
      const stream = newStream();
      await theStore().append(stream, 'no_stream', [{ ...thing('a'), type: 'Unheard.v1' }]);
      await expect(theStore().readStream(stream)).rejects.toThrow(UnknownEventType);
    });
  });

  describe('following the log', () => {
    it('gives history in the order of the log, then says that it is caught up', async () => {
      const category = `c${randomUUID().slice(0, 8)}`;
      for (const label of ['a', 'b', 'c']) {
        await theStore().append(newStream(category), 'no_stream', [thing(label)]);
      }
      expect(labelsOf(await history(null, [`${category}-`]))).toEqual(['a', 'b', 'c']);
    });

    it('begins after the position it is given', async () => {
      const category = `c${randomUUID().slice(0, 8)}`;
      const stream = newStream(category);
      await theStore().append(stream, 'no_stream', [thing('a'), thing('b'), thing('c')]);
      const all = await history(null, [`${category}-`]);
      const events = all.filter(({ kind }) => kind === 'event');
      expect(labelsOf(await history(positionOf(events[1]), [`${category}-`]))).toEqual(['c']);
    });

    it('gives only streams of the categories asked for', async () => {
      const mark = randomUUID().slice(0, 8);
      for (const category of [`a${mark}`, `b${mark}`, `c${mark}`]) {
        await theStore().append(newStream(category), 'no_stream', [thing(category)]);
      }
      const items = await history(null, [`a${mark}-`, `c${mark}-`]);
      expect(labelsOf(items)).toEqual([`a${mark}`, `c${mark}`]);
    });

    it('passes over events that nobody registered, with their position', async () => {
      const category = `c${randomUUID().slice(0, 8)}`;
      const stream = newStream(category);
      const unheard = { ...thing('x'), type: 'Unheard.v1' };
      const { position } = await theStore().append(stream, 'no_stream', [thing('a'), unheard]);
      const items = await history(null, [`${category}-`]);
      expect(labelsOf(items)).toEqual(['a']);
      expect(positionOf(items.at(-1)).position >= position).toBe(true);
    });

    it('goes on with what is appended later', async () => {
      const category = `c${randomUUID().slice(0, 8)}`;
      const stop = new AbortController();
      const seen: LogItem[] = [];
      for await (const item of theStore().followAll(null, [`${category}-`], stop.signal)) {
        seen.push(item);
        if (item.kind === 'caught_up') {
          await theStore().append(newStream(category), 'no_stream', [thing('live')]);
        }
        if (item.kind === 'event') stop.abort();
      }
      expect(labelsOf(seen)).toEqual(['live']);
    });

    it('loses nothing when the reader is slower than the store', async () => {
      const category = `c${randomUUID().slice(0, 8)}`;
      const stream = newStream(category);
      const labels = Array.from({ length: 4_000 }, (_, at) => String(at));
      for (let from = 0; from < labels.length; from += 500) {
        const batch = labels.slice(from, from + 500).map((label) => thing(label));
        await theStore().append(stream, from === 0 ? 'no_stream' : BigInt(from - 1), batch);
      }
      const stop = new AbortController();
      const seen: LogItem[] = [];
      for await (const item of theStore().followAll(null, [`${category}-`], stop.signal)) {
        if (item.kind === 'caught_up') stop.abort();
        seen.push(item);
        if (seen.length % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(labelsOf(seen)).toEqual(labels);
      expect(seen.findIndex(({ kind }) => kind === 'caught_up')).toBe(seen.length - 1);
    });

    it('ends when the signal aborts while it waits', async () => {
      const stop = new AbortController();
      const waiting = (async () => {
        for await (const item of theStore().followAll(null, ['nothing-'], stop.signal)) {
          if (item.kind === 'caught_up') setImmediate(() => stop.abort());
        }
        return 'ended';
      })();
      expect(await waiting).toBe('ended');
    });
  });

  describe('asking whether the store is there', () => {
    it('answers', async () => {
      await expect(theStore().ping()).resolves.toBeUndefined();
    });
  });
}
