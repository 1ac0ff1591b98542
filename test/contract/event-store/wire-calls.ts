import { randomUUID } from 'node:crypto';
import shared, {
  type UUID,
  type WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb.js';
import messages, {
  type AppendResp,
  type BatchAppendReq,
  type BatchAppendResp,
  type DeleteResp,
  type ReadReq,
  type ReadResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import type { EventStoreUnderTest } from './event-store-under-test.js';

type StreamsClient = EventStoreUnderTest['wire']['streams'];

const empty = () => new shared.Empty();

export const uuid = (text: string): UUID => new shared.UUID().setString(text);

export const identifier = (stream: string) =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64'));

/** A read of one stream or of `$all` from its start, to be bent by the rule. */
export function readRequest(of: string, bend: (options: ReadReq.Options) => void): ReadReq {
  const options = new messages.ReadReq.Options()
    .setCount('100')
    .setNoFilter(empty())
    .setUuidOption(new messages.ReadReq.Options.UUIDOption().setString(empty()));
  if (of === '$all') options.setAll(new messages.ReadReq.Options.AllOptions().setStart(empty()));
  else {
    const stream = new messages.ReadReq.Options.StreamOptions();
    options.setStream(stream.setStreamIdentifier(identifier(of)).setStart(empty()));
  }
  bend(options);
  return new messages.ReadReq().setOptions(options);
}

/** Everything a read answers. @throws the gRPC error of the call */
export function readAnswers(client: StreamsClient, request: ReadReq): Promise<ReadResp[]> {
  return new Promise((resolve, reject) => {
    const answers: ReadResp[] = [];
    client
      .read(request)
      .on('data', (answer: ReadResp) => answers.push(answer))
      .on('error', reject)
      .on('end', () => resolve(answers));
  });
}

/** The answers to a subscription up to the first that fits; then the call is cancelled. */
export function answersUntil(
  client: StreamsClient,
  request: ReadReq,
  fits: (answer: ReadResp) => boolean,
): Promise<ReadResp[]> {
  return new Promise((resolve, reject) => {
    const answers: ReadResp[] = [];
    const call = client.read(request);
    call.on('error', (error: Error) => reject(error));
    call.on('data', (answer: ReadResp) => {
      answers.push(answer);
      if (!fits(answer)) return;
      resolve(answers);
      call.cancel();
    });
  });
}

export const proposed = (metadata: Readonly<Record<string, string>>, id = randomUUID()) => {
  const message = new messages.BatchAppendReq.ProposedMessage().setId(uuid(id));
  for (const [key, value] of Object.entries(metadata)) message.getMetadataMap().set(key, value);
  return message.setData(Buffer.from('{}').toString('base64'));
};

export const JSON_EVENT = { type: 'Noted', 'content-type': 'application/json' } as const;

/** A batch append of one JSON event that expects anything, to be bent by the rule. */
export function batchRequest(
  stream: string,
  bend: (options: BatchAppendReq.Options, request: BatchAppendReq) => void = () => undefined,
): BatchAppendReq {
  const options = new messages.BatchAppendReq.Options()
    .setStreamIdentifier(identifier(stream))
    .setAny(empty());
  const request = new messages.BatchAppendReq()
    .setCorrelationId(uuid(randomUUID()))
    .setOptions(options)
    .setProposedMessagesList([proposed(JSON_EVENT)])
    .setIsFinal(true);
  bend(options, request);
  return request;
}

/** A deadline in 1970, read from its encoding because the class for it belongs to another package. */
export const inThePast = () =>
  messages.BatchAppendReq.Options.deserializeBinary(Uint8Array.of(0x32, 2, 8, 1)).getDeadline();

/** Sends requests on one batch stream and gives as many answers as were asked for. */
export function batchAnswers(
  client: StreamsClient,
  requests: readonly BatchAppendReq[],
  count = requests.length,
): Promise<BatchAppendResp[]> {
  return new Promise((resolve, reject) => {
    const answers: BatchAppendResp[] = [];
    const call = client.batchAppend();
    call.on('error', reject);
    call.on('data', (answer: BatchAppendResp) => {
      answers.push(answer);
      if (answers.length < count) return;
      resolve(answers);
      call.end();
    });
    for (const request of requests) call.write(request);
  });
}

/** An `Append` call of one event; the metadata of the event is the rule's. */
export function appendAnswer(
  client: StreamsClient,
  stream: string,
  bend: {
    expectation?: (options: AppendOptions) => unknown;
    metadata?: Readonly<Record<string, string>>;
  } = {},
): Promise<AppendResp> {
  return new Promise((resolve, reject) => {
    const call = client.append((error, answer) =>
      error === null ? resolve(answer) : reject(error),
    );
    const options = new messages.AppendReq.Options().setStreamIdentifier(identifier(stream));
    (bend.expectation ?? ((fresh: AppendOptions) => fresh.setAny(empty())))(options);
    call.write(new messages.AppendReq().setOptions(options));
    const message = new messages.AppendReq.ProposedMessage().setId(uuid(randomUUID()));
    for (const [key, value] of Object.entries(bend.metadata ?? JSON_EVENT)) {
      message.getMetadataMap().set(key, value);
    }
    call.write(new messages.AppendReq().setProposedMessage(message));
    call.end();
  });
}

type DeleteOptions = InstanceType<typeof messages.DeleteReq.Options>;

export const deleteOptions = (stream: string): DeleteOptions =>
  new messages.DeleteReq.Options().setStreamIdentifier(identifier(stream));

/** Deletes a stream. @throws the gRPC error of the call */
export function deleted(client: StreamsClient, options: DeleteOptions): Promise<DeleteResp> {
  return new Promise((resolve, reject) => {
    client.delete(new messages.DeleteReq().setOptions(options), (error, answer) =>
      error === null ? resolve(answer) : reject(error),
    );
  });
}

type AppendOptions = InstanceType<typeof messages.AppendReq.Options>;

/** The gRPC error that a call ended with. */
export async function callError(call: Promise<unknown>): Promise<ServiceError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error as ServiceError;
    throw error;
  }
  throw new Error('The call was expected to fail and did not.');
}

/** The trailers of a gRPC error as text. */
export const trailersOf = (error: ServiceError): Record<string, string> =>
  Object.fromEntries(
    Object.entries(error.metadata.getMap()).map(([key, value]) => [key, value.toString()]),
  );

/** What the error of a batch answer carries. */
export function conflictIn(answer: BatchAppendResp | undefined): WrongExpectedVersion | null {
  const details = answer?.getError()?.getDetails();
  const read = (bytes: Uint8Array) => shared.WrongExpectedVersion.deserializeBinary(bytes);
  return details?.unpack(read, 'event_store.client.WrongExpectedVersion') ?? null;
}

export const detailTypeOf = (answer: BatchAppendResp | undefined): string | undefined =>
  answer?.getError()?.getDetails()?.getTypeName();

export const noStreamExpected = (options: AppendOptions) => options.setNoStream(empty());
export { empty };
