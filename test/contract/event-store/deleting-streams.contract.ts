import {
  BACKWARDS,
  END,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { failureOf, note, type Store } from './event-store-under-test.js';

export function deletingStreamsContract(store: Store): void {
  describe('deleting a stream', () => {
    it('hides its events', async () => {
      const stream = await store().streamOf(3);
      await store().client.deleteStream(stream);

      expect((await failureOf(store().read(stream), StreamNotFoundError)).streamName).toBe(stream);
    });

    it('hides its events from a backwards read', async () => {
      const stream = await store().streamOf(3);
      await store().client.deleteStream(stream);
      const attempt = store().read(stream, { direction: BACKWARDS, fromRevision: END });

      expect(await failureOf(attempt, StreamNotFoundError)).toBeInstanceOf(Error);
    });

    it('answers with a position', async () => {
      const stream = await store().streamOf(1);
      const [event] = await store().read(stream);
      const { position } = await store().client.deleteStream(stream);

      expect(position?.commit).toBeGreaterThan(event?.position?.commit ?? 0n);
    });

    it('is done when the expected revision is the last', async () => {
      const stream = await store().streamOf(3);
      await store().client.deleteStream(stream, { expectedRevision: 2n });

      await expect(store().read(stream)).rejects.toThrow(StreamNotFoundError);
    });

    it('is refused when the expected revision is not the last', async () => {
      const stream = await store().streamOf(3);
      const attempt = store().client.deleteStream(stream, { expectedRevision: 1n });
      const refused = await failureOf(attempt, WrongExpectedVersionError);

      expect([refused.streamName, refused.expectedVersion, refused.actualVersion]).toEqual([
        stream,
        1n,
        2n,
      ]);
    });

    it('is refused when no stream is expected and there is one', async () => {
      const stream = await store().streamOf(1);
      const attempt = store().client.deleteStream(stream, { expectedRevision: 'no_stream' });

      expect((await failureOf(attempt, WrongExpectedVersionError)).actualVersion).toBe(0n);
    });

    it('is refused when there is nothing to delete', async () => {
      const attempt = store().client.deleteStream(store().newStream());

      expect(await failureOf(attempt, WrongExpectedVersionError)).toBeInstanceOf(Error);
    });

    it('is refused when no stream is expected and there is none', async () => {
      const stream = store().newStream();
      const attempt = store().client.deleteStream(stream, { expectedRevision: 'no_stream' });

      expect((await failureOf(attempt, WrongExpectedVersionError)).streamName).toBe(stream);
    });

    it('may be done to a stream that has nothing but metadata', async () => {
      const stream = store().newStream();
      await store().client.setStreamMetadata(stream, { cacheControl: 10 });
      const options = { expectedRevision: 'no_stream' } as const;

      expect((await store().client.deleteStream(stream, options)).position).toBeDefined();
    });

    it('leaves the stream as it was when it is refused', async () => {
      const stream = await store().streamOf(2);
      await failureOf(
        store().client.deleteStream(stream, { expectedRevision: 7n }),
        WrongExpectedVersionError,
      );

      expect(await store().revisions(stream)).toEqual([0n, 1n]);
    });

    it('may be done twice', async () => {
      const stream = await store().streamOf(1);
      await store().client.deleteStream(stream);
      await store().client.deleteStream(stream);

      await expect(store().read(stream)).rejects.toThrow(StreamNotFoundError);
    });

    it('leaves other streams alone', async () => {
      const [gone, kept] = [await store().streamOf(1), await store().streamOf(1)];
      await store().client.deleteStream(gone);

      expect(await store().revisions(kept)).toEqual([0n]);
    });
  });

  describe('writing to a deleted stream', () => {
    const revived = async (): Promise<string> => {
      const stream = await store().streamOf(3);
      await store().client.deleteStream(stream);
      await store().append(stream, [note('new'), note('newer')]);
      return stream;
    };

    it('shows the new events only', async () => {
      expect(await store().texts(await revived())).toEqual(['new', 'newer']);
    });

    it('goes on with the old numbers', async () => {
      expect(await store().revisions(await revived())).toEqual([3n, 4n]);
    });

    it('shows the new events only, backwards', async () => {
      const options = { direction: BACKWARDS, fromRevision: END } as const;

      expect(await store().revisions(await revived(), options)).toEqual([4n, 3n]);
    });

    it('truncates the stream where it goes on', async () => {
      const { metadata } = await store().client.getStreamMetadata(await revived());

      expect(metadata?.truncateBefore).toBe(3);
    });

    it('takes the revision from before the deletion as expected', async () => {
      const stream = await store().streamOf(3);
      await store().client.deleteStream(stream);
      const answer = await store().append(stream, note(), { expect: 2n });

      expect(answer.nextExpectedRevision).toBe(3n);
    });

    it('may be followed by another deletion', async () => {
      const stream = await revived();
      await store().client.deleteStream(stream);

      await expect(store().read(stream)).rejects.toThrow(StreamNotFoundError);
    });

    it('shows an empty stream when only metadata is written', async () => {
      const stream = await store().streamOf(2);
      await store().client.deleteStream(stream);
      await store().client.setStreamMetadata(stream, { maxCount: 100 });

      expect(await store().read(stream)).toEqual([]);
    });

    it('keeps the metadata that is written, besides where the stream goes on', async () => {
      const stream = await store().streamOf(2);
      await store().client.deleteStream(stream);
      await store().client.setStreamMetadata(stream, { maxCount: 100, owner: 'finance' });
      const { metadata } = await store().client.getStreamMetadata(stream);

      expect(metadata).toEqual({ maxCount: 100, owner: 'finance', truncateBefore: 2 });
    });
  });

  describe('tombstoning a stream', () => {
    it('ends it: a read says that it is deleted', async () => {
      const stream = await store().streamOf(2);
      await store().client.tombstoneStream(stream);

      expect((await failureOf(store().read(stream), StreamDeletedError)).streamName).toBe(stream);
    });

    it('says so to a backwards read', async () => {
      const stream = await store().streamOf(2);
      await store().client.tombstoneStream(stream);
      const attempt = store().read(stream, { direction: BACKWARDS, fromRevision: END });

      expect(await failureOf(attempt, StreamDeletedError)).toBeInstanceOf(Error);
    });

    it('answers with a position', async () => {
      const stream = await store().streamOf(1);
      const [event] = await store().read(stream);
      const { position } = await store().client.tombstoneStream(stream);

      expect(position?.commit).toBeGreaterThan(event?.position?.commit ?? 0n);
    });

    it('is done when the expected revision is the last', async () => {
      const stream = await store().streamOf(2);
      await store().client.tombstoneStream(stream, { expectedRevision: 1n });

      await expect(store().read(stream)).rejects.toThrow(StreamDeletedError);
    });

    it('is refused when the expected revision is not the last', async () => {
      const stream = await store().streamOf(2);
      const attempt = store().client.tombstoneStream(stream, { expectedRevision: 0n });
      const refused = await failureOf(attempt, WrongExpectedVersionError);

      expect([refused.expectedVersion, refused.actualVersion]).toEqual([0n, 1n]);
    });

    it('may be done to a stream that does not exist', async () => {
      const stream = store().newStream();
      await store().client.tombstoneStream(stream, { expectedRevision: 'no_stream' });

      await expect(store().append(stream, note())).rejects.toThrow(StreamDeletedError);
    });

    it('may be done to a deleted stream', async () => {
      const stream = await store().streamOf(1);
      await store().client.deleteStream(stream);
      await store().client.tombstoneStream(stream);

      await expect(store().read(stream)).rejects.toThrow(StreamDeletedError);
    });

    it('is refused the second time', async () => {
      const stream = await store().streamOf(1);
      await store().client.tombstoneStream(stream);

      await expect(store().client.tombstoneStream(stream)).rejects.toThrow(StreamDeletedError);
    });

    it('leaves nothing to delete', async () => {
      const stream = await store().streamOf(1);
      await store().client.tombstoneStream(stream);

      await expect(store().client.deleteStream(stream)).rejects.toThrow(StreamDeletedError);
    });

    it('takes the metadata with it', async () => {
      const stream = await store().streamOf(1);
      await store().client.setStreamMetadata(stream, { maxCount: 1 });
      await store().client.tombstoneStream(stream);

      await expect(store().client.getStreamMetadata(stream)).rejects.toThrow(StreamDeletedError);
    });

    it('lets nobody write metadata any more', async () => {
      const stream = await store().streamOf(1);
      await store().client.tombstoneStream(stream);

      await expect(store().client.setStreamMetadata(stream, { maxCount: 1 })).rejects.toThrow(
        StreamDeletedError,
      );
    });
  });
}
