import { encodeAppendConflict, encodeAppended, encodeDeleted } from './append-answer.codec.js';
import {
  IncomingAppend,
  readProposedEvent,
  readWriteOptions,
  type WriteOptions,
} from './append.codec.js';
import type { GroupCommit } from './group-commit.js';
import { answerOne } from './grpc-call.js';
import type { GrpcHandler } from './grpc-server.js';
import { ProtobufReader } from './protobuf-reader.js';
import type { StreamWrites, WriteOutcome } from './stream-writes.js';
import {
  asWireError,
  invalidArgument,
  streamDeleted,
  wrongExpectedVersion,
} from './wire-errors.js';

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
  (commits: GroupCommit): GrpcHandler =>
  (call) => {
    let append: IncomingAppend | null = null;
    const commit = async (): Promise<void> => {
      if (append === null) throw invalidArgument('The append has no options.');
      await call.write(await commitAppend(commits, append));
      call.end();
    };
    call.receive(
      (message) => {
        append = receive(append, message);
      },
      () => {
        commit().catch((error: unknown) => call.fail(asWireError(error)));
      },
    );
  };

function receive(append: IncomingAppend | null, message: Buffer): IncomingAppend {
  const parts = readParts(message);
  if (parts.options !== undefined) return new IncomingAppend(readWriteOptions(parts.options));
  if (append === null) throw invalidArgument('The options must come before the events.');
  if (parts.event !== undefined) append.add(readProposedEvent(parts.event));
  return append;
}

async function commitAppend(commits: GroupCommit, append: IncomingAppend): Promise<Buffer> {
  const { stream, expected } = append.options;
  const outcome = await commits.write((writes) => writes.append(append.request));
  if (outcome.outcome === 'written') return encodeAppended(outcome);
  if (outcome.outcome === 'stream_deleted') throw streamDeleted(stream);
  return encodeAppendConflict(expected, outcome.current);
}

type DeletingWrite = (writes: StreamWrites, options: WriteOptions) => WriteOutcome;

/** Serves `Delete` and `Tombstone`, which differ only in what they write. */
const serveDeletion =
  (commits: GroupCommit, write: DeletingWrite): GrpcHandler =>
  (call) =>
    answerOne(call, (request) => commitDeletion(commits, write, request));

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
