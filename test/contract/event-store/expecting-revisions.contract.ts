import {
  type EventData,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import {
  APPEND_CALLS,
  EventStoreUnderTest,
  type Expected,
  failureOf,
  note,
  notes,
  type Store,
} from './event-store-under-test.js';

const EVERY_EXPECTATION: readonly Expected[] = [0n, 'no_stream', 'any', 'stream_exists'];

/** The decision table of expected versions; the two calls answer it in different shapes. */
export function expectingRevisionsContract(store: Store): void {
  describe.each(APPEND_CALLS)('expecting a revision through %s', (call) => {
    const append = (stream: string, events: EventData | EventData[], expect: Expected) =>
      store().append(stream, events, { expect, call });
    const refusal = (stream: string, events: EventData | EventData[], expect: Expected) =>
      failureOf(append(stream, events, expect), WrongExpectedVersionError);

    describe('with no stream expected', () => {
      it('writes to a stream that does not exist', async () => {
        expect((await append(store().newStream(), note(), 'no_stream')).success).toBe(true);
      });

      it('writes to a stream that has nothing but metadata', async () => {
        const stream = store().newStream();
        await store().client.setStreamMetadata(stream, { maxCount: 10 });

        expect((await append(stream, note(), 'no_stream')).nextExpectedRevision).toBe(0n);
      });

      it('refuses when the stream exists', async () => {
        const stream = await store().streamOf(3);
        const refused = await refusal(stream, note(), 'no_stream');

        expect([refused.streamName, refused.expectedVersion, refused.actualVersion]).toEqual([
          stream,
          'no_stream',
          2n,
        ]);
      });

      it('writes to a deleted stream, whose numbers go on', async () => {
        const stream = await store().streamOf(3);
        await store().client.deleteStream(stream);

        expect((await append(stream, note(), 'no_stream')).nextExpectedRevision).toBe(3n);
      });

      it('answers a repeated append as before and writes nothing', async () => {
        const stream = store().newStream();
        const events = notes(2);
        const first = await append(stream, events, 'no_stream');
        const again = await append(stream, events, 'no_stream');

        expect([again.nextExpectedRevision, await store().revisions(stream)]).toEqual([
          first.nextExpectedRevision,
          [0n, 1n],
        ]);
      });

      it('answers a repeated append as before when others have written since', async () => {
        const stream = store().newStream();
        const event = note();
        await append(stream, event, 'no_stream');
        await append(stream, notes(3), 0n);

        expect((await append(stream, event, 'no_stream')).nextExpectedRevision).toBe(0n);
      });

      it('refuses a repeat of which only the first event is the same', async () => {
        const stream = store().newStream();
        const event = note();
        await append(stream, [event, note()], 'no_stream');

        expect((await refusal(stream, [event, note()], 'no_stream')).actualVersion).toBe(1n);
      });

      it('refuses a repeat that goes further than what was written', async () => {
        const stream = store().newStream();
        const event = note();
        await append(stream, event, 'no_stream');

        expect((await refusal(stream, [event, note()], 'no_stream')).actualVersion).toBe(0n);
      });
    });

    describe('with a revision expected', () => {
      it('writes when it is the last', async () => {
        const stream = await store().streamOf(3);

        expect((await append(stream, note(), 2n)).nextExpectedRevision).toBe(3n);
      });

      it('refuses when the stream is further, and says how far', async () => {
        const stream = await store().streamOf(3);
        const refused = await refusal(stream, note(), 1n);

        expect([refused.expectedVersion, refused.actualVersion]).toEqual([1n, 2n]);
      });

      it('refuses when the stream has not come so far', async () => {
        const stream = await store().streamOf(3);
        const refused = await refusal(stream, note(), 5n);

        expect([refused.expectedVersion, refused.actualVersion]).toEqual([5n, 2n]);
      });

      it('refuses when there is no stream, and says so', async () => {
        const refused = await refusal(store().newStream(), note(), 0n);

        expect([refused.expectedVersion, refused.actualVersion]).toEqual([0n, 'no_stream']);
      });

      it('writes nothing when it refuses', async () => {
        const stream = await store().streamOf(2);
        await refusal(stream, note(), 0n);

        expect(await store().revisions(stream)).toEqual([0n, 1n]);
      });

      it('answers a repeated append with its old revision, however far the stream is', async () => {
        const stream = await store().streamOf(1);
        const events = notes(2);
        await append(stream, events, 0n);
        await append(stream, notes(5), 2n);

        expect((await append(stream, events, 0n)).nextExpectedRevision).toBe(2n);
      });

      it('answers a repeated append with the position it had', async () => {
        const stream = await store().streamOf(1);
        const event = note();
        const first = await append(stream, event, 0n);
        const again = await append(stream, event, 0n);

        expect(again.position).toEqual(first.position);
      });

      it('refuses a repeat of which a later event differs', async () => {
        const stream = await store().streamOf(1);
        const event = note();
        await append(stream, [event, note()], 0n);

        expect((await refusal(stream, [event, note()], 0n)).actualVersion).toBe(2n);
      });

      it('refuses a repeat at another revision', async () => {
        const stream = await store().streamOf(3);
        const event = note();
        await append(stream, event, 2n);

        expect((await refusal(stream, event, 1n)).actualVersion).toBe(3n);
      });

      it('refuses an empty append that expects an older revision', async () => {
        const stream = await store().streamOf(2);

        expect((await refusal(stream, [], 0n)).actualVersion).toBe(1n);
      });

      it('takes an empty append that expects the last revision', async () => {
        const stream = await store().streamOf(2);
        await append(stream, [], 1n);

        expect(await store().revisions(stream)).toEqual([0n, 1n]);
      });
    });

    describe('with anything expected', () => {
      it('writes to a stream that does not exist', async () => {
        expect((await append(store().newStream(), note(), 'any')).nextExpectedRevision).toBe(0n);
      });

      it('writes to a stream that exists', async () => {
        expect((await append(await store().streamOf(2), note(), 'any')).nextExpectedRevision).toBe(
          2n,
        );
      });

      it('recognises a repeat by the ids of its events', async () => {
        const stream = await store().streamOf(1);
        const events = notes(2);
        await append(stream, events, 'any');
        const again = await append(stream, events, 'any');

        expect([again.nextExpectedRevision, await store().revisions(stream)]).toEqual([
          2n,
          [0n, 1n, 2n],
        ]);
      });

      it('refuses events of which the first is known and a later one is not', async () => {
        const stream = store().newStream();
        const event = note();
        await append(stream, event, 'any');

        expect((await refusal(stream, [event, note()], 'any')).expectedVersion).toBe('any');
      });

      it('writes events of which only a later one is known', async () => {
        const stream = store().newStream();
        const event = note();
        await append(stream, event, 'any');

        expect((await append(stream, [note(), event], 'any')).nextExpectedRevision).toBe(2n);
      });

      it('takes an id that another stream has', async () => {
        const event = note();
        await append(store().newStream(), event, 'any');

        expect((await append(store().newStream(), event, 'any')).nextExpectedRevision).toBe(0n);
      });

      it('writes to a deleted stream, whose numbers go on', async () => {
        const stream = await store().streamOf(2);
        await store().client.deleteStream(stream);

        expect((await append(stream, note(), 'any')).nextExpectedRevision).toBe(2n);
      });
    });

    describe('with a stream expected', () => {
      it('writes to a stream that exists', async () => {
        const stream = await store().streamOf(1);

        expect((await append(stream, note(), 'stream_exists')).nextExpectedRevision).toBe(1n);
      });

      it('refuses when there is no stream', async () => {
        const refused = await refusal(store().newStream(), note(), 'stream_exists');

        expect([refused.expectedVersion, refused.actualVersion]).toEqual([
          'stream_exists',
          'no_stream',
        ]);
      });

      it('writes to a stream that has nothing but metadata', async () => {
        const stream = store().newStream();
        await store().client.setStreamMetadata(stream, { maxCount: 10 });

        expect((await append(stream, note(), 'stream_exists')).nextExpectedRevision).toBe(0n);
      });

      it('takes an empty append to a stream that exists', async () => {
        const stream = await store().streamOf(2);
        await append(stream, [], 'stream_exists');

        expect(await store().revisions(stream)).toEqual([0n, 1n]);
      });

      it('says that a deleted stream is deleted', async () => {
        const stream = await store().streamOf(1);
        await store().client.deleteStream(stream);
        const refused = await failureOf(
          append(stream, note(), 'stream_exists'),
          StreamDeletedError,
        );

        expect(refused.streamName).toBe(stream);
      });

      it('recognises a repeat by the ids of its events', async () => {
        const stream = await store().streamOf(1);
        const event = note();
        await append(stream, event, 'stream_exists');

        expect((await append(stream, event, 'stream_exists')).nextExpectedRevision).toBe(1n);
      });
    });

    it.each(EVERY_EXPECTATION)(
      'says of a tombstoned stream that it is deleted, expecting %s',
      async (expected) => {
        const stream = await store().streamOf(1);
        await store().client.tombstoneStream(stream);
        const refused = await failureOf(append(stream, note(), expected), StreamDeletedError);

        expect(refused.streamName).toBe(stream);
      },
    );
  });

  describe('throwing or answering a conflict', () => {
    it('answers without success when the caller does not want an error', async () => {
      const stream = await store().streamOf(1);
      const quiet = new EventStoreUnderTest(
        `${store().connectionString.replace(/[?&]throwOnAppendFailure=\w+/, '')}&throwOnAppendFailure=false`,
      );
      const answer = await quiet.append(stream, note(), { expect: 'no_stream' });
      await quiet.dispose();

      // The client's own figure for the revision is wrong in 6.2.1 and not looked at.
      expect(answer.success).toBe(false);
    });
  });
}
