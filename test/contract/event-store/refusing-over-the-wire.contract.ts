import messages, {
  type ReadReq,
  type TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import type { EventStoreUnderTest, Store } from './event-store-under-test.js';
import {
  appendAnswer,
  batchAnswers,
  batchRequest,
  callError,
  conflictIn,
  deleted,
  deleteOptions,
  empty,
  identifier,
  noStreamExpected,
  readAnswers,
  readRequest,
  trailersOf,
} from './wire-calls.js';

type Wire = EventStoreUnderTest['wire'];
type TombstoneOptions = InstanceType<typeof messages.TombstoneReq.Options>;

const tombstoneOptions = (stream: string): TombstoneOptions =>
  new messages.TombstoneReq.Options().setStreamIdentifier(identifier(stream));

/** How refusals look on the wire, from which the client makes its errors. */
export function refusingOverTheWireContract(store: Store): void {
  let wire: Wire;

  beforeAll(() => {
    wire = store().wire;
  });

  afterAll(() => {
    wire.streams.close();
    wire.features.close();
    wire.gossip.close();
  });

  const tombstoned = (options: TombstoneOptions): Promise<TombstoneResp> =>
    new Promise((resolve, reject) => {
      wire.streams.tombstone(new messages.TombstoneReq().setOptions(options), (error, answer) =>
        error === null ? resolve(answer) : reject(error),
      );
    });

  const refusedRead = async (of: string, bend: (options: ReadReq.Options) => void) =>
    (await callError(readAnswers(wire.streams, readRequest(of, bend)))).code;

  describe('refusing a read that is no valid mix', () => {
    it('refuses a read that is neither counted nor followed', async () => {
      const stream = await store().streamOf(1);

      expect(await refusedRead(stream, (options) => options.clearCount())).toBe(
        status.INVALID_ARGUMENT,
      );
    });

    it('refuses a read that says neither a filter nor that it has none', async () => {
      const stream = await store().streamOf(1);

      expect(await refusedRead(stream, (options) => options.clearNoFilter())).toBe(
        status.INVALID_ARGUMENT,
      );
    });

    it('refuses to follow $all backwards', async () => {
      const code = await refusedRead('$all', (options) => {
        options.clearCount();
        options.setSubscription(new messages.ReadReq.Options.SubscriptionOptions());
        options.setReadDirection(messages.ReadReq.Options.ReadDirection.BACKWARDS);
      });

      expect(code).toBe(status.INVALID_ARGUMENT);
    });
  });

  describe('refusing a tombstone', () => {
    it('names both revisions', async () => {
      const stream = await store().streamOf(3);
      const error = await callError(tombstoned(tombstoneOptions(stream).setRevision('1')));

      expect([error.code, trailersOf(error)]).toEqual([
        status.FAILED_PRECONDITION,
        expect.objectContaining({
          exception: 'wrong-expected-version',
          'stream-name': stream,
          'expected-version': '1',
          'actual-version': '2',
        }),
      ]);
    });

    it('is what happens where no stream is expected and there is one', async () => {
      const options = tombstoneOptions(await store().streamOf(1)).setNoStream(empty());

      expect(trailersOf(await callError(tombstoned(options)))['exception']).toBe(
        'wrong-expected-version',
      );
    });

    it('is what happens where nothing at all is expected', async () => {
      const error = await callError(tombstoned(tombstoneOptions(await store().streamOf(1))));

      expect(error.code).toBe(status.INVALID_ARGUMENT);
    });
  });

  describe('refusing to touch a tombstoned stream', () => {
    const gone = async (): Promise<string> => {
      const stream = await store().streamOf(1);
      await store().client.tombstoneStream(stream);
      return stream;
    };
    const streamDeleted = (stream: string) => [
      status.FAILED_PRECONDITION,
      expect.objectContaining({ exception: 'stream-deleted', 'stream-name': stream }),
    ];

    it('names the stream to Append', async () => {
      const stream = await gone();
      const error = await callError(appendAnswer(wire.streams, stream));

      expect([error.code, trailersOf(error)]).toEqual(streamDeleted(stream));
    });

    it('names the stream to a deletion', async () => {
      const stream = await gone();
      const options = deleteOptions(stream).setAny(empty());
      const error = await callError(deleted(wire.streams, options));

      expect([error.code, trailersOf(error)]).toEqual(streamDeleted(stream));
    });
  });

  describe('telling what stood where a revision was expected', () => {
    it('says to Append that there is no stream', async () => {
      const answer = await appendAnswer(wire.streams, store().newStream(), {
        expectation: (options) => options.setRevision('3'),
      });
      const conflict = answer.getWrongExpectedVersion();

      expect([conflict?.hasCurrentNoStream(), conflict?.getExpectedRevision()]).toEqual([
        true,
        '3',
      ]);
    });

    it('repeats to Append that it expected no stream', async () => {
      const answer = await appendAnswer(wire.streams, await store().streamOf(1), {
        expectation: noStreamExpected,
      });

      expect(answer.getWrongExpectedVersion()?.hasExpectedNoStream()).toBe(true);
    });

    it('says to a batch that there is no stream', async () => {
      const request = batchRequest(store().newStream(), (options) =>
        options.setStreamPosition('3'),
      );
      const [answer] = await batchAnswers(wire.streams, [request]);
      const conflict = conflictIn(answer);

      expect([conflict?.hasCurrentNoStream(), conflict?.getExpectedStreamPosition()]).toEqual([
        true,
        '3',
      ]);
    });

    it('repeats to a batch that it expected no stream', async () => {
      const request = batchRequest(await store().streamOf(1), (options) =>
        options.setNoStream(empty()),
      );
      const [answer] = await batchAnswers(wire.streams, [request]);

      expect(conflictIn(answer)?.hasExpectedNoStream()).toBe(true);
    });
  });
}
