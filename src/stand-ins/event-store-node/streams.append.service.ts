import type { sendUnaryData, ServerReadableStream, ServerUnaryCall } from '@grpc/grpc-js';
import { encodeAppendConflict, encodeAppended, encodeDeleted } from './append-answer.codec.js';
import {
  IncomingAppend,
  readProposedEvent,
  readWriteOptions,
  type WriteOptions,
} from './append.codec.js';
import type { GroupCommit } from './group-commit.js';
import { MalformedMessage, ProtobufReader } from './protobuf-reader.js';
import type { StreamWrites, WriteOutcome } from './stream-writes.js';
import {
  asWireError,
  invalidArgument,
  streamDeleted,
  type WireError,
  wrongExpectedVersion,
} from './wire-errors.js';

const asCallError = (error: unknown): WireError =>
  error instanceof MalformedMessage ? invalidArgument(error.message) : asWireError(error);

/** The options of a message that has them as its first field, and what else it holds. */
function readParts(message: Buffer): { options?: ProtobufReader; event?: ProtobufReader } {
  const parts: { options?: ProtobufReader; event?: ProtobufReader } = {};
  for (const reader = new ProtobufReader(message); reader.next();) {
    if (reader.field === 1) parts.options = reader.message();
    else if (reader.field === 2) parts.event = reader.message();
    else reader.skip();
  }
  return parts;
}

/** Serves `Append`: options first, then one message per event, one answer at the end. */
export const serveAppend =
  (commits: GroupCommit) =>
  (call: ServerReadableStream<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
    let append: IncomingAppend | null = null;
    let refused: WireError | null = null;
    call.on('data', (message: Buffer) => {
      if (refused !== null) return;
      try {
        append = receive(append, message);
      } catch (error) {
        // Answered at the end of the call, since the client writes on until then.
        refused = asCallError(error);
      }
    });
    call.on('end', () => {
      if (refused !== null) answer(refused);
      else if (append === null) answer(invalidArgument('The append has no options.'));
      else void commitAppend(commits, append, answer);
    });
  };

function receive(append: IncomingAppend | null, message: Buffer): IncomingAppend {
  const parts = readParts(message);
  if (parts.options !== undefined) return new IncomingAppend(readWriteOptions(parts.options));
  if (append === null) throw invalidArgument('The options must come before the events.');
  if (parts.event !== undefined) append.add(readProposedEvent(parts.event));
  return append;
}

async function commitAppend(
  commits: GroupCommit,
  append: IncomingAppend,
  answer: sendUnaryData<Buffer>,
): Promise<void> {
  const { stream, expected } = append.options;
  try {
    const outcome = await commits.write((writes) => writes.append(append.request));
    if (outcome.outcome === 'written') answer(null, encodeAppended(outcome));
    else if (outcome.outcome === 'stream_deleted') answer(streamDeleted(stream));
    else answer(null, encodeAppendConflict(expected, outcome.current));
  } catch (error) {
    answer(asWireError(error));
  }
}

type DeletingWrite = (writes: StreamWrites, options: WriteOptions) => WriteOutcome;

/** Serves `Delete` and `Tombstone`, which differ only in what they write. */
const serveDeletion =
  (commits: GroupCommit, write: DeletingWrite) =>
  (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
    commitDeletion(commits, write, call.request).then(
      (deleted) => answer(null, deleted),
      (error: unknown) => answer(asCallError(error)),
    );
  };

async function commitDeletion(
  commits: GroupCommit,
  write: DeletingWrite,
  message: Buffer,
): Promise<Buffer> {
  const { options: encoded } = readParts(message);
  if (encoded === undefined) throw invalidArgument('The request has no options.');
  const options = readWriteOptions(encoded);
  const outcome = await commits.write((writes) => write(writes, options));
  if (outcome.outcome === 'written') return encodeDeleted(outcome);
  throw outcome.outcome === 'stream_deleted'
    ? streamDeleted(options.stream)
    : wrongExpectedVersion(options.stream, options.expected, outcome.current);
}

export const serveDelete = (commits: GroupCommit) =>
  serveDeletion(commits, (writes, { stream, expected }) => writes.softDelete(stream, expected));

export const serveTombstone = (commits: GroupCommit) =>
  serveDeletion(commits, (writes, { stream, expected }) => writes.tombstone(stream, expected));
