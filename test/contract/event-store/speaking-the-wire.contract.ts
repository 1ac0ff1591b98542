import { randomUUID } from 'node:crypto';
import gossipMessages, { type MemberInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import messages, { type ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import { note, type Store, textOf } from './event-store-under-test.js';
import {
  answersUntil,
  appendAnswer,
  batchAnswers,
  batchRequest,
  callError,
  conflictIn,
  deleted,
  deleteOptions,
  detailTypeOf,
  empty,
  inThePast,
  JSON_EVENT,
  noStreamExpected,
  proposed,
  readAnswers,
  readRequest,
  trailersOf,
  uuid,
} from './wire-calls.js';

const { FilterOptions } = messages.ReadReq.Options;
type Wire = ReturnType<Store>['wire'];

const follow = (options: ReadReq.Options): void => {
  options.clearCount();
  options.setSubscription(new messages.ReadReq.Options.SubscriptionOptions());
};

/** Rules of the protocol itself, for which the client has no call or hides the answer. */
export function speakingTheWireContract(store: Store): void {
  let wire: Wire;

  beforeAll(() => {
    wire = store().wire;
  });

  afterAll(() => {
    wire.streams.close();
    wire.features.close();
    wire.gossip.close();
  });

  const features = () =>
    new Promise<Map<string, string[]>>((resolve, reject) => {
      wire.features.getSupportedMethods(new shared.Empty(), (error, methods) => {
        if (error !== null) return reject(error);
        const listed = methods
          .getMethodsList()
          .map((method): [string, string[]] => [
            `${method.getServiceName()}/${method.getMethodName()}`,
            method.getFeaturesList(),
          ]);
        resolve(new Map(listed));
      });
    });

  describe('telling what the server can do', () => {
    it('says its version as three numbers', async () => {
      const [major, minor] = await store().version();

      expect(major * 100 + minor).toBeGreaterThanOrEqual(2310);
    });

    it.each(['append', 'batchappend', 'delete', 'read', 'tombstone'])(
      'lists the method %s of the streams service, in lower case',
      async (method) => {
        expect([...(await features()).keys()]).toContain(
          `event_store.client.streams.streams/${method}`,
        );
      },
    );

    it('says that reads know positions and events', async () => {
      const listed = (await features()).get('event_store.client.streams.streams/read');

      expect(listed).toEqual(expect.arrayContaining(['position', 'events']));
    });

    it('says that persistent subscriptions are of streams and of $all', async () => {
      const service = 'event_store.client.persistent_subscriptions.persistentsubscriptions';
      const listed = (await features()).get(`${service}/create`);

      expect(listed).toEqual(expect.arrayContaining(['stream', 'all']));
    });

    it('says that a batch append takes its deadline as a duration', async () => {
      const listed = (await features()).get('event_store.client.streams.streams/batchappend');

      expect(listed).toContain('deadline_duration');
    });
  });

  describe('telling who is in the cluster', () => {
    const members = () =>
      new Promise<MemberInfo[]>((resolve, reject) => {
        wire.gossip.read(new shared.Empty(), (error, cluster) =>
          error === null ? resolve(cluster.getMembersList()) : reject(error),
        );
      });

    it('names one leader that is alive', async () => {
      const leaders = (await members()).filter(
        (member) => member.getState() === gossipMessages.MemberInfo.VNodeState.LEADER,
      );

      expect(leaders.map((leader) => leader.getIsAlive())).toEqual([true]);
    });

    it('tells where every member can be reached', async () => {
      const ports = (await members()).map((member) => member.getHttpEndPoint()?.getPort() ?? 0);

      expect(ports.every((port) => port > 0)).toBe(true);
    });
  });

  describe('reading over the wire', () => {
    it('answers a missing stream by a message, not by an error', async () => {
      const stream = store().newStream();
      const answers = await readAnswers(
        wire.streams,
        readRequest(stream, () => undefined),
      );
      const name = answers[0]?.getStreamNotFound()?.getStreamIdentifier()?.getStreamName_asU8();

      expect([answers.length, Buffer.from(name ?? []).toString()]).toEqual([1, stream]);
    });

    it('answers a tombstoned stream by an error with the name of the stream', async () => {
      const stream = await store().streamOf(1);
      await store().client.tombstoneStream(stream);
      const error = await callError(
        readAnswers(
          wire.streams,
          readRequest(stream, () => undefined),
        ),
      );

      expect([error.code, trailersOf(error)]).toEqual([
        status.FAILED_PRECONDITION,
        expect.objectContaining({ exception: 'stream-deleted', 'stream-name': stream }),
      ]);
    });

    it('sends ids as text when asked for text', async () => {
      const id = randomUUID();
      const stream = store().newStream();
      await store().append(stream, note('a', id));
      const [answer] = await readAnswers(
        wire.streams,
        readRequest(stream, () => undefined),
      );

      expect(answer?.getEvent()?.getEvent()?.getId()?.getString()).toBe(id);
    });

    it('sends ids as two numbers when asked for numbers', async () => {
      const id = '6f2a1c00-1111-4222-8333-9876543210ab';
      const stream = store().newStream();
      await store().append(stream, note('a', id));
      const request = readRequest(stream, (options) =>
        options.setUuidOption(new messages.ReadReq.Options.UUIDOption().setStructured(empty())),
      );
      const [answer] = await readAnswers(wire.streams, request);
      const bits = answer?.getEvent()?.getEvent()?.getId()?.getStructured();
      const hex = [bits?.getMostSignificantBits(), bits?.getLeastSignificantBits()].map((half) =>
        BigInt.asUintN(64, BigInt(half ?? 0))
          .toString(16)
          .padStart(16, '0'),
      );

      expect(hex.join('')).toBe(id.replaceAll('-', ''));
    });

    it('tells the time of recording in ticks of 100 ns', async () => {
      const stream = await store().streamOf(1);
      const [answer] = await readAnswers(
        wire.streams,
        readRequest(stream, () => undefined),
      );
      const created = answer?.getEvent()?.getEvent()?.getMetadataMap().get('created') ?? '';

      expect(created).toMatch(/^1\d{16}$/);
    });

    it('tells the content type of every event', async () => {
      const stream = await store().streamOf(1);
      const [answer] = await readAnswers(
        wire.streams,
        readRequest(stream, () => undefined),
      );

      expect(answer?.getEvent()?.getEvent()?.getMetadataMap().get('content-type')).toBe(
        'application/json',
      );
    });

    it('tells the last revision of a stream to clients that ask for it', async () => {
      const stream = await store().streamOf(3);
      const request = readRequest(stream, (options) =>
        options
          .setCount('1')
          .setControlOption(new messages.ReadReq.Options.ControlOption().setCompatibility(1)),
      );
      const last = (await readAnswers(wire.streams, request)).map((answer) =>
        answer.hasLastStreamPosition() ? answer.getLastStreamPosition() : null,
      );

      expect(last).toContain('2');
    });

    it('tells nothing of it to clients that do not ask', async () => {
      const stream = await store().streamOf(3);
      const answers = await readAnswers(
        wire.streams,
        readRequest(stream, () => undefined),
      );

      expect(answers.map((answer) => answer.hasEvent())).toEqual([true, true, true]);
    });

    it('refuses a filter on one stream', async () => {
      const expression = new FilterOptions.Expression().setPrefixList(['a']);
      const filter = new FilterOptions().setEventType(expression).setCount(empty());
      const request = readRequest(await store().streamOf(1), (options) => {
        options.clearNoFilter();
        options.setFilter(filter.setCheckpointintervalmultiplier(1));
      });

      expect((await callError(readAnswers(wire.streams, request))).code).toBe(
        status.INVALID_ARGUMENT,
      );
    });

    it('refuses to follow backwards', async () => {
      const request = readRequest(await store().streamOf(1), (options) => {
        follow(options);
        options.setReadDirection(messages.ReadReq.Options.ReadDirection.BACKWARDS);
      });

      expect((await callError(readAnswers(wire.streams, request))).code).toBe(
        status.INVALID_ARGUMENT,
      );
    });

    it('refuses a read that names neither a stream nor $all', async () => {
      const request = readRequest('$all', (options) => options.clearAll());

      expect((await callError(readAnswers(wire.streams, request))).code).toBe(
        status.INVALID_ARGUMENT,
      );
    });

    it('refuses a checkpoint interval of nothing', async () => {
      const expression = new FilterOptions.Expression().setPrefixList(['a']);
      const filter = new FilterOptions().setEventType(expression).setMax(10);
      const request = readRequest('$all', (options) => {
        follow(options);
        options.clearNoFilter();
        options.setFilter(filter.setCheckpointintervalmultiplier(0));
      });
      const call = answersUntil(wire.streams, request, (answer) => answer.hasCaughtUp());

      expect((await callError(call)).code).not.toBe(status.OK);
    });
  });

  describe('reading $all with a filter over the wire', () => {
    const filtered = async (direction: 'forwards' | 'backwards', count: number) => {
      const stream = store().newStream('wire');
      const { position } = await store().append(store().newStream(), note('mark'));
      for (const text of ['a', 'b', 'c']) {
        await store().append(store().newStream(), note('noise'));
        await store().append(stream, note(text));
      }
      const expression = new FilterOptions.Expression().setPrefixList([stream]);
      const filter = new FilterOptions().setStreamIdentifier(expression).setMax(100);
      const all = new messages.ReadReq.Options.AllOptions();
      const from = new messages.ReadReq.Options.Position()
        .setCommitPosition(`${position?.commit}`)
        .setPreparePosition(`${position?.prepare}`);
      const request = readRequest('$all', (options) => {
        options.setCount(`${count}`).clearNoFilter();
        options.setFilter(filter.setCheckpointintervalmultiplier(1));
        if (direction === 'forwards') options.setAll(all.setPosition(from));
        else {
          options.setAll(all.setEnd(empty()));
          options.setReadDirection(messages.ReadReq.Options.ReadDirection.BACKWARDS);
        }
      });
      const answers = await readAnswers(wire.streams, request);
      return answers
        .filter((answer) => answer.hasEvent())
        .map((answer) => {
          const data = Buffer.from(answer.getEvent()?.getEvent()?.getData_asU8() ?? []).toString();
          return textOf({ data: JSON.parse(data) as unknown } as Parameters<typeof textOf>[0]);
        });
    };

    it('sends what fits, forwards', async () => {
      expect(await filtered('forwards', 100)).toEqual(['a', 'b', 'c']);
    });

    it('sends what fits, backwards', async () => {
      expect(await filtered('backwards', 3)).toEqual(['c', 'b', 'a']);
    });

    it('counts what fits, not what it looks at', async () => {
      expect(await filtered('forwards', 2)).toEqual(['a', 'b']);
    });
  });

  describe('following over the wire', () => {
    it('confirms first, with an id', async () => {
      const request = readRequest(await store().streamOf(1), follow);
      const [first] = await answersUntil(wire.streams, request, (answer) => answer.hasCaughtUp());

      expect(first?.getConfirmation()?.getSubscriptionId()).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('gives every follower an id of its own', async () => {
      const request = readRequest(await store().streamOf(1), follow);
      const confirmed = async () => {
        const answers = await answersUntil(wire.streams, request, (so) => so.hasConfirmation());
        return answers[0]?.getConfirmation()?.getSubscriptionId();
      };

      expect(new Set([await confirmed(), await confirmed()]).size).toBe(2);
    });
  });

  describe('appending over the wire', () => {
    it('answers a conflict of Append by a message, not by an error', async () => {
      const stream = await store().streamOf(2);
      const answer = await appendAnswer(wire.streams, stream, { expectation: noStreamExpected });

      expect(answer.getWrongExpectedVersion()?.getCurrentRevision()).toBe('1');
    });

    it('tells clients of version 20.6 the same in their own fields', async () => {
      const stream = await store().streamOf(2);
      const answer = await appendAnswer(wire.streams, stream, { expectation: noStreamExpected });

      expect(answer.getWrongExpectedVersion()?.getCurrentRevision2060()).toBe(1);
    });

    it('refuses an Append that expects nothing at all', async () => {
      const call = appendAnswer(wire.streams, store().newStream(), {
        expectation: () => undefined,
      });

      expect((await callError(call)).code).toBe(status.INVALID_ARGUMENT);
    });

    it.each([
      ['type', { 'content-type': 'application/json' }],
      ['content type', { type: 'Noted' }],
    ])('refuses an event without a %s and says what is needed', async (_, metadata) => {
      const error = await callError(appendAnswer(wire.streams, store().newStream(), { metadata }));

      expect([error.code, trailersOf(error)]).toEqual([
        status.INVALID_ARGUMENT,
        expect.objectContaining({
          exception: 'missing-required-metadata-property',
          'required-metadata-properties': 'type,content-type',
        }),
      ]);
    });
  });

  describe('appending in batches over the wire', () => {
    it('answers with the correlation id and the stream', async () => {
      const stream = store().newStream();
      const id = randomUUID();
      const request = batchRequest(stream, (_, whole) => whole.setCorrelationId(uuid(id)));
      const [answer] = await batchAnswers(wire.streams, [request]);
      const name = answer?.getStreamIdentifier()?.getStreamName_asU8();

      expect([answer?.getCorrelationId()?.getString(), Buffer.from(name ?? []).toString()]).toEqual(
        [id, stream],
      );
    });

    it('serves many appends on one stream of calls', async () => {
      const requests = Array.from({ length: 20 }, () => batchRequest(store().newStream()));
      const answers = await batchAnswers(wire.streams, requests);

      expect(answers.every((answer) => answer.getSuccess()?.getCurrentRevision() === '0')).toBe(
        true,
      );
    });

    it('goes on after an append that failed', async () => {
      const stream = await store().streamOf(1);
      const failing = batchRequest(stream, (options) => options.setNoStream(empty()));
      const answers = await batchAnswers(wire.streams, [failing, batchRequest(stream)]);

      expect(answers.filter((answer) => answer.hasError())).toHaveLength(1);
    });

    it('answers a conflict with ALREADY_EXISTS and both revisions', async () => {
      const stream = await store().streamOf(3);
      const request = batchRequest(stream, (options) => options.setStreamPosition('1'));
      const [answer] = await batchAnswers(wire.streams, [request]);
      const conflict = conflictIn(answer);

      expect([
        answer?.getError()?.getCode(),
        conflict?.getCurrentStreamRevision(),
        conflict?.getExpectedStreamPosition(),
      ]).toEqual([status.ALREADY_EXISTS, '2', '1']);
    });

    it('answers a deleted stream with NOT_FOUND', async () => {
      const stream = await store().streamOf(1);
      await store().client.tombstoneStream(stream);
      const [answer] = await batchAnswers(wire.streams, [batchRequest(stream)]);

      expect([answer?.getError()?.getCode(), detailTypeOf(answer)]).toEqual([
        status.NOT_FOUND,
        'event_store.client.StreamDeleted',
      ]);
    });

    it('answers an append that is too late with DEADLINE_EXCEEDED', async () => {
      const request = batchRequest(store().newStream(), (options) =>
        options.setDeadline(inThePast()),
      );
      const [answer] = await batchAnswers(wire.streams, [request]);

      expect([answer?.getError()?.getCode(), detailTypeOf(answer)]).toEqual([
        status.DEADLINE_EXCEEDED,
        'event_store.client.Timeout',
      ]);
    });

    it('writes nothing of an append that is too late', async () => {
      const stream = store().newStream();
      await batchAnswers(wire.streams, [
        batchRequest(stream, (options) => options.setDeadline(inThePast())),
      ]);

      await expect(store().read(stream)).rejects.toThrow(stream);
    });

    it('answers an event without a type with INVALID_ARGUMENT', async () => {
      const request = batchRequest(store().newStream(), (_, whole) =>
        whole.setProposedMessagesList([proposed({ 'content-type': 'application/json' })]),
      );
      const [answer] = await batchAnswers(wire.streams, [request]);

      expect([answer?.getError()?.getCode(), detailTypeOf(answer)]).toEqual([
        status.INVALID_ARGUMENT,
        'event_store.client.BadRequest',
      ]);
    });

    it('waits for the last chunk before it writes', async () => {
      const stream = store().newStream();
      const id = uuid(randomUUID());
      const first = batchRequest(stream, (_, whole) =>
        whole.setCorrelationId(id).setIsFinal(false),
      );
      const last = new messages.BatchAppendReq()
        .setCorrelationId(id)
        .setProposedMessagesList([proposed(JSON_EVENT)])
        .setIsFinal(true);
      const [answer] = await batchAnswers(wire.streams, [first, last], 1);

      expect(answer?.getSuccess()?.getCurrentRevision()).toBe('1');
    });
  });

  describe('deleting over the wire', () => {
    it('names both revisions when it is refused', async () => {
      const stream = await store().streamOf(3);
      const options = deleteOptions(stream).setRevision('1');
      const error = await callError(deleted(wire.streams, options));

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

    it('refuses to delete what is expected to exist and does not', async () => {
      const options = deleteOptions(store().newStream()).setStreamExists(empty());
      const error = await callError(deleted(wire.streams, options));

      expect(trailersOf(error)['exception']).toBe('wrong-expected-version');
    });

    it('says of a deleted stream that is expected to exist that it is deleted', async () => {
      const stream = await store().streamOf(1);
      await store().client.deleteStream(stream);
      const options = deleteOptions(stream).setStreamExists(empty());
      const error = await callError(deleted(wire.streams, options));

      expect(trailersOf(error)['exception']).toBe('stream-deleted');
    });

    it('refuses a deletion that expects nothing at all', async () => {
      const error = await callError(
        deleted(wire.streams, deleteOptions(await store().streamOf(1))),
      );

      expect(error.code).toBe(status.INVALID_ARGUMENT);
    });
  });
}
