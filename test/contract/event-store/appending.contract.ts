import { randomUUID } from 'node:crypto';
import { binaryEvent, jsonEvent, MaxAppendSizeExceededError } from '@eventstore/db-client';
import {
  APPEND_CALLS,
  failureOf,
  note,
  notes,
  type Store,
  textOf,
} from './event-store-under-test.js';

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;

export function appendingContract(store: Store): void {
  describe.each(APPEND_CALLS)('appending through %s', (call) => {
    it('answers the first event of a stream with revision 0', async () => {
      const answer = await store().append(store().newStream(), note(), { call });

      expect(answer).toMatchObject({ success: true, nextExpectedRevision: 0n });
    });

    it('numbers the events of a stream without gaps', async () => {
      const stream = store().newStream();
      for (const text of ['a', 'b', 'c']) await store().append(stream, note(text), { call });

      expect(await store().revisions(stream)).toEqual([0n, 1n, 2n]);
    });

    it('answers several events with the revision of the last', async () => {
      const answer = await store().append(store().newStream(), notes(4), { call });

      expect(answer.nextExpectedRevision).toBe(3n);
    });

    it('keeps several events of one append together and in order', async () => {
      const stream = store().newStream();
      await store().append(stream, notes(40), { call });

      expect(await store().texts(stream)).toEqual(notes(40).map(textOfProposed));
    });

    it('answers with the position at which $all shows the event', async () => {
      const stream = store().newStream();
      const answer = await store().append(stream, note('here'), { call });
      const [shown] = await store().allFrom(answer, 1);

      expect([shown?.event?.streamId, shown?.event?.position]).toEqual([stream, answer.position]);
    });

    it('gives a later append a larger position', async () => {
      const stream = store().newStream();
      const first = await store().append(stream, note(), { call });
      const second = await store().append(stream, note(), { call });

      expect(second.position?.commit).toBeGreaterThan(first.position?.commit ?? 0n);
    });

    it('writes nothing and no stream when there is nothing to write', async () => {
      const stream = store().newStream();
      const answer = await store().append(stream, [], { call });

      expect(answer.success).toBe(true);
      await expect(store().read(stream)).rejects.toThrow(stream);
    });
  });

  describe('storing what was written', () => {
    const stored = async (event: Parameters<ReturnType<Store>['append']>[1]) => {
      const stream = store().newStream();
      await store().append(stream, event);
      return (await store().read(stream))[0];
    };

    it('gives JSON back as it was written', async () => {
      const body = { text: 'ñ 😀', list: [1, 2.5, null], nested: { yes: true } };
      const event = await stored(jsonEvent({ type: 'Noted', data: body }));

      expect([event?.data, event?.isJson]).toEqual([body, true]);
    });

    it('gives bytes back byte for byte', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      const event = await stored(binaryEvent({ type: 'Bytes', data: bytes }));

      expect([Buffer.from(event?.data as Uint8Array), event?.isJson]).toEqual([
        Buffer.from(bytes),
        false,
      ]);
    });

    it('takes an event without a single byte', async () => {
      const event = await stored(binaryEvent({ type: 'Nothing', data: new Uint8Array() }));

      expect(event?.data).toHaveLength(0);
    });

    it('gives JSON metadata back as it was written', async () => {
      const metadata = { $correlationId: randomUUID(), $causationId: randomUUID(), by: 'á' };
      const event = await stored(jsonEvent({ type: 'Noted', data: {}, metadata }));

      expect(event?.metadata).toEqual(metadata);
    });

    it('gives metadata bytes back byte for byte', async () => {
      const metadata = Uint8Array.from([0, 255, 7, 128]);
      const event = await stored(binaryEvent({ type: 'Bytes', data: metadata, metadata }));

      expect(Buffer.from(event?.metadata as Uint8Array)).toEqual(Buffer.from(metadata));
    });

    it('has no metadata where none was written', async () => {
      expect((await stored(note()))?.metadata).toBeUndefined();
    });

    it('keeps the id that the writer chose', async () => {
      const id = randomUUID();

      expect((await stored(note('a', id)))?.id).toBe(id);
    });

    it('keeps the type as written', async () => {
      const event = await stored(jsonEvent({ type: 'Pago.Móvil/v1', data: {} }));

      expect(event?.type).toBe('Pago.Móvil/v1');
    });

    it('stamps the event with the time at which it was recorded', async () => {
      const event = await stored(note());

      expect(Math.abs(Date.now() - (event?.created.getTime() ?? 0))).toBeLessThan(HOUR_MS);
    });

    it.each([
      'slot/with/slashes',
      'with spaces',
      'ñandú-😀',
      'a@b?c=d&e',
      `long-${'x'.repeat(200)}`,
    ])('takes the stream name %s', async (name) => {
      const stream = store().newStream(name);
      await store().append(stream, note('kept'));

      expect((await store().read(stream)).map(({ streamId }) => streamId)).toEqual([stream]);
    });

    it('tells apart streams whose names differ only in case', async () => {
      const stream = store().newStream('case');
      await store().append(stream, note('lower'));
      await store().append(stream.toUpperCase(), note('upper'));

      expect(await store().texts(stream)).toEqual(['lower']);
    });
  });

  describe('limiting the size of an append', () => {
    const ofSize = (bytes: number) => binaryEvent({ type: 'Large', data: Buffer.alloc(bytes, 7) });
    /** Until 25.0 the limit is 1 MiB; later servers take 16 MiB in one event. */
    const overLimit = async () => {
      const [major, minor] = await store().version();
      return major > 25 || (major === 25 && minor >= 1) ? 17 * MIB : MIB;
    };

    it.each(APPEND_CALLS)('takes 900 KiB in one event through %s', async (call) => {
      const stream = store().newStream();
      await store().append(stream, ofSize(900 * 1024), { call });

      expect((await store().read(stream))[0]?.data).toHaveLength(900 * 1024);
    });

    it.each(APPEND_CALLS)('refuses an event above the limit through %s', async (call) => {
      const size = (await overLimit()) + 1;
      const attempt = store().append(store().newStream(), ofSize(size), { call });

      await expect(attempt).rejects.toThrow(Error);
    });

    it.each(APPEND_CALLS)('counts 1 MiB over all events of one %s, until 25.0', async (call) => {
      const half = () => ofSize(600 * 1024);
      const limit = await overLimit();
      const attempt = store().append(store().newStream(), [half(), half()], { call });
      const outcome = limit === MIB ? await failureOf(attempt, MaxAppendSizeExceededError) : null;

      expect(outcome === null ? (await attempt).success : outcome.maxAppendSize).toBe(
        outcome === null ? true : MIB,
      );
    });

    it('keeps nothing of an append that was too large', async () => {
      const stream = store().newStream();
      const size = (await overLimit()) + 1;
      await expect(store().append(stream, [note(), ofSize(size)])).rejects.toThrow(Error);

      await expect(store().read(stream)).rejects.toThrow(stream);
    });

    it('goes on taking appends after it has refused one', async () => {
      const size = (await overLimit()) + 1;
      await expect(store().append(store().newStream(), ofSize(size))).rejects.toThrow(Error);

      expect((await store().append(store().newStream(), note())).success).toBe(true);
    });
  });

  describe('appending many at once', () => {
    it('gives every append to one stream its own revision', async () => {
      const stream = store().newStream();
      const answers = await Promise.all(notes(50).map((event) => store().append(stream, event)));
      const revisions = answers.map(({ nextExpectedRevision }) => Number(nextExpectedRevision));

      expect(revisions.toSorted((a, b) => a - b)).toEqual(notes(50).map((_, index) => index));
    });

    it('answers each of many appends to different streams for its own', async () => {
      const streams = Array.from({ length: 50 }, () => store().newStream());
      await Promise.all(streams.map((stream) => store().append(stream, note(stream))));
      const texts = await Promise.all(streams.map((stream) => store().texts(stream)));

      expect(texts).toEqual(streams.map((stream) => [stream]));
    });

    it('lets one of several writers with the same expectation win', async () => {
      const stream = await store().streamOf(1);
      const attempts = notes(8).map((event) => store().append(stream, event, { expect: 0n }));
      const outcomes = await Promise.allSettled(attempts);

      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('puts an append that comes in several chunks into the stream as one', async () => {
      const stream = store().newStream();
      const answer = await store().client.appendToStream(stream, notes(60), {
        expectedRevision: 'no_stream',
        batchAppendSize: 500,
      });

      expect([answer.nextExpectedRevision, await store().texts(stream)]).toEqual([
        59n,
        notes(60).map(textOfProposed),
      ]);
    });

    it('does not mix the chunks of two appends that are under way together', async () => {
      const streams = [store().newStream(), store().newStream()];
      const options = { expectedRevision: 'no_stream', batchAppendSize: 500 } as const;
      await Promise.all(
        streams.map((stream) => store().client.appendToStream(stream, notes(60), options)),
      );
      const texts = await Promise.all(streams.map((stream) => store().texts(stream)));

      expect(texts).toEqual(streams.map(() => notes(60).map(textOfProposed)));
    });
  });
}

const textOfProposed = ({ data }: ReturnType<typeof note>): string =>
  textOf({ data } as Parameters<typeof textOf>[0]);
