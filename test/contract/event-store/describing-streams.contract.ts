import {
  BACKWARDS,
  END,
  jsonEvent,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { eventually } from '../../support/eventually.js';
import { failureOf, note, type Store, WITHIN } from './event-store-under-test.js';

const BACKWARDS_FROM_END = { direction: BACKWARDS, fromRevision: END } as const;

export function describingStreamsContract(store: Store): void {
  describe('describing a stream by metadata', () => {
    it('gives back every key as written', async () => {
      const stream = await store().streamOf(1);
      const metadata = { maxCount: 100, maxAge: 3600, truncateBefore: 0, cacheControl: 60 };
      await store().client.setStreamMetadata(stream, { ...metadata, owner: 'finance' });
      const read = await store().client.getStreamMetadata(stream);

      expect(read.metadata).toEqual({ ...metadata, owner: 'finance' });
    });

    it('gives back the access list as written', async () => {
      const stream = await store().streamOf(1);
      const acl = { readRoles: ['$all'], writeRoles: ['$all'], deleteRoles: ['$admins'] };
      await store().client.setStreamMetadata(stream, { acl });

      expect((await store().client.getStreamMetadata(stream)).metadata?.acl).toEqual(acl);
    });

    it('has none for a stream that was never described', async () => {
      const stream = await store().streamOf(1);

      expect(await store().client.getStreamMetadata(stream)).toEqual({ streamName: stream });
    });

    it('replaces all of it, not single keys', async () => {
      const stream = await store().streamOf(1);
      await store().client.setStreamMetadata(stream, { maxCount: 5, owner: 'a' });
      await store().client.setStreamMetadata(stream, { owner: 'b' });

      expect((await store().client.getStreamMetadata(stream)).metadata).toEqual({ owner: 'b' });
    });

    it('counts the revisions of the metastream', async () => {
      const stream = await store().streamOf(1);
      await store().client.setStreamMetadata(stream, { maxCount: 5 });
      const answer = await store().client.setStreamMetadata(
        stream,
        { maxCount: 6 },
        { expectedRevision: 0n },
      );

      expect(answer.nextExpectedRevision).toBe(1n);
    });

    it('refuses metadata that expects another revision of the metastream', async () => {
      const stream = await store().streamOf(1);
      await store().client.setStreamMetadata(stream, { maxCount: 5 });
      const attempt = store().client.setStreamMetadata(
        stream,
        { maxCount: 6 },
        { expectedRevision: 'no_stream' },
      );

      expect((await failureOf(attempt, WrongExpectedVersionError)).actualVersion).toBe(0n);
    });

    it('shows only the newest event of a metastream', async () => {
      const stream = await store().streamOf(1);
      await store().client.setStreamMetadata(stream, { maxCount: 5 });
      await store().client.setStreamMetadata(stream, { maxCount: 6 });
      const events = await store().read(`$$${stream}`);

      expect(events.map(({ revision, type }) => [revision, type])).toEqual([[1n, '$metadata']]);
    });

    it('may describe a stream that does not exist, which then still does not', async () => {
      const stream = store().newStream();
      await store().client.setStreamMetadata(stream, { maxCount: 5 });

      await expect(store().read(stream)).rejects.toThrow(StreamNotFoundError);
    });

    it('does not look at metadata that is no JSON event', async () => {
      const stream = await store().streamOf(3);
      await store().append(`$$${stream}`, {
        ...jsonEvent({ type: '$metadata', data: {} }),
        contentType: 'application/octet-stream',
        data: Buffer.from('{"$maxCount":1}'),
      });

      expect(await store().revisions(stream)).toEqual([0n, 1n, 2n]);
    });
  });

  describe('keeping only the newest events of a stream', () => {
    const limitedTo = async (maxCount: number): Promise<string> => {
      const stream = await store().streamOf(10);
      await store().client.setStreamMetadata(stream, { maxCount });
      return stream;
    };

    it('shows as many as $maxCount says', async () => {
      expect(await store().revisions(await limitedTo(3))).toEqual([7n, 8n, 9n]);
    });

    it('shows as many as $maxCount says, backwards', async () => {
      expect(await store().revisions(await limitedTo(3), BACKWARDS_FROM_END)).toEqual([9n, 8n, 7n]);
    });

    it('moves on with every event', async () => {
      const stream = await limitedTo(3);
      await store().append(stream, note());

      expect(await store().revisions(stream)).toEqual([8n, 9n, 10n]);
    });

    it('shows nothing of what is hidden, also by its revision', async () => {
      const options = { fromRevision: 2n, maxCount: 2 };

      expect(await store().revisions(await limitedTo(3), options)).toEqual([7n, 8n]);
    });

    it('has nothing backwards from a hidden revision', async () => {
      const options = { direction: BACKWARDS, fromRevision: 2n } as const;

      expect(await store().revisions(await limitedTo(3), options)).toEqual([]);
    });

    it('shows everything when $maxCount is larger than the stream', async () => {
      expect(await store().revisions(await limitedTo(1000))).toHaveLength(10);
    });

    it('shows the rest again when the limit is lifted', async () => {
      const stream = await limitedTo(3);
      await store().client.setStreamMetadata(stream, {});

      expect(await store().revisions(stream)).toHaveLength(10);
    });

    it('does not change which revision an append has to expect', async () => {
      const answer = await store().append(await limitedTo(1), note(), { expect: 9n });

      expect(answer.nextExpectedRevision).toBe(10n);
    });
  });

  describe('truncating a stream', () => {
    const truncatedBefore = async (revision: number): Promise<string> => {
      const stream = await store().streamOf(10);
      await store().client.setStreamMetadata(stream, { truncateBefore: revision });
      return stream;
    };

    it('shows the events from $tb on', async () => {
      expect(await store().revisions(await truncatedBefore(8))).toEqual([8n, 9n]);
    });

    it('shows the events down to $tb, backwards', async () => {
      const stream = await truncatedBefore(8);

      expect(await store().revisions(stream, BACKWARDS_FROM_END)).toEqual([9n, 8n]);
    });

    it('shows an empty stream, not a missing one, when all is truncated', async () => {
      expect(await store().revisions(await truncatedBefore(10))).toEqual([]);
    });

    it('goes on with the old numbers when all is truncated', async () => {
      const stream = await truncatedBefore(10);
      await store().append(stream, note('on'));

      expect(await store().revisions(stream)).toEqual([10n]);
    });

    it('takes the stricter of $tb and $maxCount', async () => {
      const stream = await store().streamOf(10);
      await store().client.setStreamMetadata(stream, { truncateBefore: 4, maxCount: 3 });
      const byCount = await store().revisions(stream);
      await store().client.setStreamMetadata(stream, { truncateBefore: 9, maxCount: 3 });

      expect([byCount, await store().revisions(stream)]).toEqual([[7n, 8n, 9n], [9n]]);
    });
  });

  describe('letting events of a stream grow old', () => {
    it('hides what is older than $maxAge', async () => {
      const stream = await store().streamOf(3);
      await store().client.setStreamMetadata(stream, { maxAge: 1 });

      await eventually(async () => expect(await store().read(stream)).toEqual([]), WITHIN);
    });

    it('shows what is younger', async () => {
      const stream = await store().streamOf(3);
      await store().client.setStreamMetadata(stream, { maxAge: 3600 });

      expect(await store().revisions(stream)).toEqual([0n, 1n, 2n]);
    });

    it('shows new events of a stream whose old ones are hidden', async () => {
      const stream = await store().streamOf(3);
      await store().client.setStreamMetadata(stream, { maxAge: 2 });
      await eventually(async () => expect(await store().read(stream)).toEqual([]), WITHIN);
      await store().append(stream, note('young'));

      expect(await store().revisions(stream)).toEqual([3n]);
    });
  });
}
