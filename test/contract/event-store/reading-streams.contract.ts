import { BACKWARDS, END, FORWARDS, START, StreamNotFoundError } from '@eventstore/db-client';
import { failureOf, note, notes, type Store } from './event-store-under-test.js';

const range = (first: number, last: number): bigint[] =>
  Array.from({ length: last - first + 1 }, (_, index) => BigInt(first + index));

export function readingStreamsContract(store: Store): void {
  describe('reading a stream', () => {
    let stream = '';

    beforeAll(async () => {
      stream = await store().streamOf(10);
    });

    it('begins at the first event unless told otherwise', async () => {
      expect(await store().revisions(stream)).toEqual(range(0, 9));
    });

    it('goes backwards from the last event', async () => {
      const read = await store().revisions(stream, { direction: BACKWARDS, fromRevision: END });

      expect(read).toEqual(range(0, 9).reverse());
    });

    it('includes the revision it begins at, forwards', async () => {
      expect(await store().revisions(stream, { fromRevision: 7n })).toEqual(range(7, 9));
    });

    it('includes the revision it begins at, backwards', async () => {
      const read = await store().revisions(stream, { direction: BACKWARDS, fromRevision: 2n });

      expect(read).toEqual([2n, 1n, 0n]);
    });

    it('sends no more events than asked for, forwards', async () => {
      expect(await store().revisions(stream, { fromRevision: 4n, maxCount: 3 })).toEqual(
        range(4, 6),
      );
    });

    it('sends no more events than asked for, backwards', async () => {
      const options = { direction: BACKWARDS, fromRevision: END, maxCount: 3 } as const;

      expect(await store().revisions(stream, options)).toEqual([9n, 8n, 7n]);
    });

    it('sends what there is when more is asked for', async () => {
      expect(await store().revisions(stream, { maxCount: 1000 })).toEqual(range(0, 9));
    });

    it('has nothing forwards from the end', async () => {
      const read = await store().revisions(stream, { direction: FORWARDS, fromRevision: END });

      expect(read).toEqual([]);
    });

    it('has only the first event backwards from the start', async () => {
      const read = await store().revisions(stream, { direction: BACKWARDS, fromRevision: START });

      expect(read).toEqual([0n]);
    });

    it('has nothing beyond the last event, forwards', async () => {
      expect(await store().revisions(stream, { fromRevision: 100n })).toEqual([]);
    });

    it('begins at the last event when told to begin beyond it, backwards', async () => {
      const options = { direction: BACKWARDS, fromRevision: 100n, maxCount: 2 } as const;

      expect(await store().revisions(stream, options)).toEqual([9n, 8n]);
    });

    it('says which stream is not there', async () => {
      const missing = store().newStream();
      const error = await failureOf(store().read(missing), StreamNotFoundError);

      expect(error.streamName).toBe(missing);
    });

    it('says so backwards too', async () => {
      const attempt = store().read(store().newStream(), {
        direction: BACKWARDS,
        fromRevision: END,
      });

      expect(await failureOf(attempt, StreamNotFoundError)).toBeInstanceOf(Error);
    });

    it('names the stream in every event', async () => {
      const names = (await store().read(stream)).map(({ streamId }) => streamId);

      expect(new Set(names)).toEqual(new Set([stream]));
    });

    it('carries growing positions', async () => {
      const positions = (await store().read(stream)).map(({ position }) => position?.commit ?? 0n);

      expect(positions.every((at, index) => at > (positions[index - 1] ?? 0n))).toBe(true);
    });

    it('shows an append as soon as it is answered', async () => {
      const fresh = store().newStream();
      const seen: number[] = [];
      for (let count = 1; count <= 5; count += 1) {
        await store().append(fresh, note());
        seen.push((await store().read(fresh)).length);
      }

      expect(seen).toEqual([1, 2, 3, 4, 5]);
    });

    it('shows events of other streams to nobody', async () => {
      const [one, other] = [store().newStream(), store().newStream()];
      await store().append(one, note('one'));
      await store().append(other, note('other'));
      await store().append(one, note('one again'));

      expect(await store().texts(one)).toEqual(['one', 'one again']);
    });

    it('may be stopped half way', async () => {
      const seen: bigint[] = [];
      for await (const { event } of store().client.readStream(stream)) {
        seen.push(event?.revision ?? -1n);
        if (seen.length === 3) break;
      }

      expect(seen).toEqual(range(0, 2));
    });
  });

  describe('reading a stream of many pages', () => {
    let stream = '';

    beforeAll(async () => {
      stream = store().newStream();
      for (let part = 0; part < 3; part += 1) await store().append(stream, notes(250));
    });

    it('misses and repeats nothing forwards', async () => {
      expect(await store().revisions(stream)).toEqual(range(0, 749));
    });

    it('misses and repeats nothing backwards', async () => {
      const read = await store().revisions(stream, { direction: BACKWARDS, fromRevision: END });

      expect(read).toEqual(range(0, 749).reverse());
    });

    it('serves several readers at once', async () => {
      const reads = await Promise.all(
        [0n, 100n, 700n].map((fromRevision) => store().revisions(stream, { fromRevision })),
      );

      expect(reads).toEqual([range(0, 749), range(100, 749), range(700, 749)]);
    });
  });
}
