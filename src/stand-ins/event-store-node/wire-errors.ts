import type { ExpectedRevision } from './expected-revision.js';
import { MalformedMessage } from './protobuf-reader.js';
import { GRPC_STATUS, type GrpcStatus } from './grpc-status.js';

/** EventStoreDB refuses larger appends; 1 MiB is its default up to version 25.0. */
export const MAX_APPEND_BYTES = 1024 * 1024;

/** An error of one call, with the trailers from which the client makes its own error classes. */
export class WireError extends Error {
  override name = 'WireError';
  readonly trailers: Readonly<Record<string, string>>;

  constructor(
    readonly code: GrpcStatus,
    message: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.trailers = Object.fromEntries(
      Object.entries(trailers).map(([key, value]) => [key, encodeTrailer(value)]),
    );
  }
}

/** Trailers are ASCII; stream names need not be. */
const encodeTrailer = (value: string): string =>
  /^[\x20-\x7e]*$/.test(value) ? value : encodeURIComponent(value);

/** How the server writes an expectation into a trailer. */
const expectedNumber = (expected: ExpectedRevision): string => {
  if (expected === 'no_stream') return '-1';
  if (expected === 'any') return '-2';
  return expected === 'stream_exists' ? '-4' : String(expected);
};

export const invalidArgument = (message: string): WireError =>
  new WireError(GRPC_STATUS.INVALID_ARGUMENT, message);

export const unimplemented = (what: string): WireError =>
  new WireError(GRPC_STATUS.UNIMPLEMENTED, `The embedded event-store node does not serve ${what}.`);

export const shuttingDown = (): WireError =>
  new WireError(GRPC_STATUS.UNAVAILABLE, 'Server Is Not Ready: it is stopping.');

export const streamDeleted = (stream: string): WireError =>
  new WireError(GRPC_STATUS.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const wrongExpectedVersion = (
  stream: string,
  expected: ExpectedRevision,
  current: number,
): WireError => {
  const actual = String(current);
  return new WireError(
    GRPC_STATUS.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, ` +
      `Expected version: ${expectedNumber(expected)}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': expectedNumber(expected),
      'actual-version': actual,
    },
  );
};

export const maximumAppendSizeExceeded = (): WireError =>
  new WireError(
    GRPC_STATUS.INVALID_ARGUMENT,
    `Maximum Append Size of ${MAX_APPEND_BYTES} Exceeded.`,
    {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(MAX_APPEND_BYTES),
    },
  );

export const missingMetadataProperty = (property: string): WireError =>
  new WireError(
    GRPC_STATUS.INVALID_ARGUMENT,
    `Required Metadata Property '${property}' is missing`,
    {
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    },
  );

/** Whatever else was thrown, as an error of the call and not of the process. */
export const asWireError = (error: unknown): WireError => {
  if (error instanceof WireError) return error;
  if (error instanceof MalformedMessage) return invalidArgument(error.message);
  return new WireError(GRPC_STATUS.UNKNOWN, error instanceof Error ? error.message : String(error));
};
