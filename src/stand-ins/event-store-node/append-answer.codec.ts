import { NO_EVENTS, type ExpectedRevision } from './expected-revision.js';
import { GRPC_STATUS, type GrpcStatus } from './grpc-status.js';
import { ProtobufWriter } from './protobuf-writer.js';
import type { Written } from './stream-writes.js';
import { MAX_APPEND_BYTES } from './wire-errors.js';

/** `AppendResp`, `DeleteResp` and `TombstoneResp` carry a position in two numbers that are equal here. */
const writePosition = (writer: ProtobufWriter, field: number, position: number): void => {
  writer.message(field, (at) => at.uint64(1, position).uint64(2, position));
};

function writeSuccess(writer: ProtobufWriter, field: number, written: Written): void {
  writer.message(field, (success) => {
    if (written.lastRevision === NO_EVENTS) success.empty(2);
    else success.uint64(1, written.lastRevision);
    if (written.position === null) success.empty(4);
    else writePosition(success, 3, written.position);
  });
}

/** `AppendResp` of an append that stands. */
export function encodeAppended(written: Written): Buffer {
  const writer = new ProtobufWriter();
  writeSuccess(writer, 1, written);
  return writer.finish();
}

/** `AppendResp` of a conflict: not a gRPC error, and told twice for clients of version 20.6. */
export function encodeAppendConflict(expected: ExpectedRevision, current: number): Buffer {
  return new ProtobufWriter()
    .message(2, (conflict) => {
      if (current === NO_EVENTS) conflict.empty(2).empty(7);
      else conflict.uint64(1, current).uint64(6, current);
      if (expected === 'any') conflict.empty(4).empty(9);
      else if (expected === 'stream_exists') conflict.empty(5).empty(10);
      else if (expected === 'no_stream') conflict.uint64Big(3, 2n ** 64n - 1n).empty(11);
      else conflict.uint64(3, expected).uint64(8, expected);
    })
    .finish();
}

/** `DeleteResp` and `TombstoneResp`. */
export function encodeDeleted(written: Written): Buffer {
  const writer = new ProtobufWriter();
  if (written.position === null) writer.empty(2);
  else writePosition(writer, 1, written.position);
  return writer.finish();
}

/** Whose append an answer on the batch stream belongs to. */
export interface BatchAddress {
  /** The correlation id exactly as the writer spelled it. */
  readonly correlationId: Buffer;
  readonly stream: string;
  readonly expected: ExpectedRevision;
}

function beginBatchAnswer(address: BatchAddress): ProtobufWriter {
  const writer = new ProtobufWriter()
    .bytes(1, address.correlationId)
    .message(4, (stream) => stream.text(3, address.stream));
  if (address.expected === 'no_stream') return writer.empty(6);
  if (address.expected === 'any') return writer.empty(7);
  if (address.expected === 'stream_exists') return writer.empty(8);
  return writer.uint64(5, address.expected);
}

/** `BatchAppendResp` of an append that stands. */
export function encodeBatchAppended(address: BatchAddress, written: Written): Buffer {
  const writer = beginBatchAnswer(address);
  writeSuccess(writer, 3, written);
  return writer.finish();
}

/** A failure on the batch stream: a `google.rpc.Status` inside a call that itself goes on. */
export interface BatchFailure {
  readonly code: GrpcStatus;
  readonly message: string;
  /** The message type by which the client chooses its error class. */
  readonly typeName: string;
  readonly detail: Buffer;
}

const failure = (
  code: GrpcStatus,
  message: string,
  typeName: string,
  detail?: Buffer,
): BatchFailure => ({
  code,
  message,
  typeName: `event_store.client.${typeName}`,
  detail: detail ?? Buffer.alloc(0),
});

export function encodeBatchFailure(address: BatchAddress, failed: BatchFailure): Buffer {
  return beginBatchAnswer(address)
    .message(2, (error) => {
      error.uint64(1, failed.code).text(2, failed.message);
      error.message(3, (any) => {
        any.text(1, `type.googleapis.com/${failed.typeName}`).bytes(2, failed.detail);
      });
    })
    .finish();
}

export const batchConflict = (expected: ExpectedRevision, current: number): BatchFailure => {
  const detail = new ProtobufWriter();
  if (current === NO_EVENTS) detail.empty(2);
  else detail.uint64(1, current);
  if (expected === 'any') detail.empty(4);
  else if (expected === 'stream_exists') detail.empty(5);
  else if (expected === 'no_stream') detail.empty(6);
  else detail.uint64(3, expected);
  const type = 'WrongExpectedVersion';
  return failure(GRPC_STATUS.ALREADY_EXISTS, 'Wrong expected version.', type, detail.finish());
};

export const batchStreamDeleted = (stream: string): BatchFailure => {
  const detail = new ProtobufWriter().message(1, (name) => name.text(3, stream)).finish();
  return failure(GRPC_STATUS.NOT_FOUND, `Stream '${stream}' is deleted.`, 'StreamDeleted', detail);
};

export const batchTooLarge = (): BatchFailure => {
  const detail = new ProtobufWriter().uint64(1, MAX_APPEND_BYTES).finish();
  const message = 'Maximum append size exceeded.';
  return failure(GRPC_STATUS.INVALID_ARGUMENT, message, 'MaximumAppendSizeExceeded', detail);
};

export const batchMalformed = (message: string): BatchFailure =>
  failure(
    GRPC_STATUS.INVALID_ARGUMENT,
    message,
    'BadRequest',
    new ProtobufWriter().text(1, message).finish(),
  );

export const batchTooLate = (): BatchFailure =>
  failure(GRPC_STATUS.DEADLINE_EXCEEDED, 'Timeout', 'Timeout');

export const batchUnknown = (message: string): BatchFailure =>
  failure(GRPC_STATUS.UNKNOWN, message, 'Unknown');
