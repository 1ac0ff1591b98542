import { type AppendResult, BACKWARDS, END, FORWARDS, START } from '@eventstore/db-client';
import { note, notes, type Store, textOf } from './event-store-under-test.js';

export function readingAllContract(store: Store): void {
  describe('reading $all', () => {
    const mine = { first: '', second: '' };
    const answers: AppendResult[] = [];

    beforeAll(async () => {
      mine.first = store().newStream('all');
      mine.second = store().newStream('all');
      for (const text of ['0', '1', '2', '3', '4', '5']) {
        const stream = Number.parseInt(text, 10) % 2 === 0 ? mine.first : mine.second;
        answers.push(await store().append(stream, note(text)));
      }
    });

    const appended = (index: number): AppendResult => {
      const answer = answers[index];
      if (answer === undefined) throw new Error(`There is no append ${index}.`);
      return answer;
    };
    const isMine = (stream: string | undefined): boolean =>
      stream === mine.first || stream === mine.second;
    const myTexts = async (events: AsyncIterable<{ event?: Parameters<typeof textOf>[0] }>) => {
      const texts: string[] = [];
      for await (const { event } of events) if (isMine(event?.streamId)) texts.push(textOf(event));
      return texts;
    };
    const at = (index: number) => {
      const { position } = appended(index);
      if (position === undefined) throw new Error('The append was answered without a position.');
      return position;
    };

    it('shows the events of all streams in the order they were appended', async () => {
      const read = await myTexts(store().client.readAll({ fromPosition: at(0), maxCount: 1000 }));

      expect(read).toEqual(['0', '1', '2', '3', '4', '5']);
    });

    it('includes the event at the position it begins at, forwards', async () => {
      const [first] = await store().allFrom(appended(2), 1);

      expect(textOf(first?.event)).toBe('2');
    });

    it('begins before the event at its position, backwards', async () => {
      const options = { direction: BACKWARDS, fromPosition: at(3), maxCount: 200 } as const;

      expect(await myTexts(store().client.readAll(options))).toEqual(['2', '1', '0']);
    });

    it('goes backwards from the newest event', async () => {
      const options = { direction: BACKWARDS, fromPosition: END, maxCount: 1000 } as const;

      expect(await myTexts(store().client.readAll(options))).toEqual([
        '5',
        '4',
        '3',
        '2',
        '1',
        '0',
      ]);
    });

    it('sends no more events than asked for', async () => {
      expect(await store().allFrom(appended(0), 2)).toHaveLength(2);
    });

    it('has nothing forwards from the end', async () => {
      const options = { direction: FORWARDS, fromPosition: END } as const;

      expect(await myTexts(store().client.readAll(options))).toEqual([]);
    });

    it('has nothing backwards from the start', async () => {
      const read: unknown[] = [];
      for await (const event of store().client.readAll({
        direction: BACKWARDS,
        fromPosition: START,
      })) {
        read.push(event);
      }

      expect(read).toEqual([]);
    });

    it('carries growing positions', async () => {
      const positions = (await store().allFrom(appended(0))).map(
        ({ event }) => event?.position.commit ?? 0n,
      );

      expect(positions.every((position, index) => position > (positions[index - 1] ?? 0n))).toBe(
        true,
      );
    });

    it('shows an event at the position that a read of its stream shows', async () => {
      const [ofStream] = await store().read(mine.first);
      const [ofAll] = await store().allFrom(appended(0), 1);

      expect(ofAll?.event?.position).toEqual(ofStream?.position);
    });

    it('shows an event with the revision it has in its stream', async () => {
      const revisions = (await store().allFrom(appended(0)))
        .filter(({ event }) => event?.streamId === mine.second)
        .map(({ event }) => event?.revision);

      expect(revisions).toEqual([0n, 1n, 2n]);
    });

    it('misses nothing over many pages', async () => {
      const stream = store().newStream('all');
      const answer = await store().append(stream, note('first'));
      for (let part = 0; part < 2; part += 1) await store().append(stream, notes(250));
      const events = (await store().allFrom(answer, 5000)).filter(
        ({ event }) => event?.streamId === stream,
      );

      expect(events.map(({ event }) => Number(event?.revision))).toEqual(
        Array.from({ length: 501 }, (_, index) => index),
      );
    });

    it('shows the metadata of a stream as an event of its metastream', async () => {
      const stream = store().newStream('all');
      const answer = await store().client.setStreamMetadata(stream, { maxCount: 3 });
      const [shown] = await store().allFrom(answer, 1);

      expect([shown?.event?.streamId, shown?.event?.type]).toEqual([`$$${stream}`, '$metadata']);
    });

    it('still shows events that their stream no longer does', async () => {
      const stream = store().newStream('all');
      const answer = await store().append(stream, note('hidden'));
      await store().client.deleteStream(stream);
      const [shown] = await store().allFrom(answer, 1);

      expect(textOf(shown?.event)).toBe('hidden');
    });

    it('shows a tombstone as $streamDeleted', async () => {
      const stream = store().newStream('all');
      const answer = await store().append(stream, note());
      await store().client.tombstoneStream(stream);
      const types = (await store().allFrom(answer))
        .filter(({ event }) => event?.streamId === stream)
        .map(({ event }) => event?.type);

      expect(types).toEqual(['Noted', '$streamDeleted']);
    });

    it('never shows the epochs of the server', async () => {
      const streams = new Set<string>();
      for await (const { event } of store().client.readAll({ maxCount: 500 })) {
        if (event !== undefined) streams.add(event.streamId);
      }

      expect(streams).not.toContain('$epoch-information');
    });
  });
}
