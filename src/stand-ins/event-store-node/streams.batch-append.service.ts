import {
  batchConflict,
  batchMalformed,
  batchStreamDeleted,
  batchTooLarge,
  batchTooLate,
  batchUnknown,
  encodeBatchAppended,
  encodeBatchFailure,
  type BatchAddress,
  type BatchFailure,
} from './append-answer.codec.js';
import { IncomingAppend, readProposedEvent, readWriteOptions } from './append.codec.js';
import type { GroupCommit } from './group-commit.js';
import type { GrpcCall } from './grpc-call.js';
import type { GrpcHandler } from './grpc-server.js';
import { MalformedMessage, ProtobufReader } from './protobuf-reader.js';
import type { WriteOutcome } from './stream-writes.js';
import { asWireError, WireError } from './wire-errors.js';

/** One message of the batch stream, its parts still encoded. */
interface Chunk {
  readonly correlationId: Buffer;
  readonly options: ProtobufReader | null;
  readonly events: readonly ProtobufReader[];
  readonly isFinal: boolean;
}

function readChunk(message: Buffer): Chunk {
  const events: ProtobufReader[] = [];
  let correlationId: Buffer = Buffer.alloc(0);
  let options: ProtobufReader | null = null;
  let isFinal = false;
  for (const reader = new ProtobufReader(message); reader.next();) {
    if (reader.field === 1) correlationId = reader.bytes();
    else if (reader.field === 2) options = reader.message();
    else if (reader.field === 3) events.push(reader.message());
    else if (reader.field === 4) isFinal = reader.varint() === 1;
    else reader.skip();
  }
  return { correlationId, options, events, isFinal };
}

const nobody: BatchAddress = { correlationId: Buffer.alloc(0), stream: '', expected: 'any' };

/** How many appends one writer may have begun and not finished; each may hold 1 MiB. */
const UNFINISHED_KEPT = 64;

/** One writer's long-lived batch stream. Answers may overtake each other; the correlation id tells them apart. */
class BatchStream {
  private readonly incoming = new Map<string, IncomingAppend>();

  constructor(
    private readonly call: GrpcCall,
    private readonly commits: GroupCommit,
  ) {}

  serve(): void {
    const { call } = this;
    let unanswered = 0;
    let ended = false;
    const endIfDone = (): void => {
      if (ended && unanswered === 0) call.end();
    };
    call.receive(
      (message) => {
        // A writer that does not read its answers is not read either.
        call.pauseUntilDrained();
        unanswered += 1;
        void this.receive(message).finally(() => {
          unanswered -= 1;
          endIfDone();
        });
      },
      () => {
        ended = true;
        endIfDone();
      },
    );
  }

  private async receive(message: Buffer): Promise<void> {
    let address = nobody;
    let key = '';
    try {
      const chunk = readChunk(message);
      key = chunk.correlationId.toString('latin1');
      address = { ...nobody, correlationId: chunk.correlationId };
      const append = this.incoming.get(key) ?? this.begin(chunk);
      // The rest of an append that was refused at an earlier chunk.
      if (append === null) return;
      address = { ...append.options, correlationId: chunk.correlationId };
      for (const event of chunk.events) append.add(readProposedEvent(event));
      if (!chunk.isFinal) {
        this.keep(key, append);
        return;
      }
      this.incoming.delete(key);
      const outcome = await this.commit(append);
      void this.call.write(answer(address, outcome));
    } catch (error) {
      this.incoming.delete(key);
      void this.call.write(encodeBatchFailure(address, failureOf(error)));
    }
  }

  private begin(chunk: Chunk): IncomingAppend | null {
    return chunk.options === null ? null : new IncomingAppend(readWriteOptions(chunk.options));
  }

  private keep(key: string, append: IncomingAppend): void {
    if (this.incoming.size >= UNFINISHED_KEPT && !this.incoming.has(key)) {
      throw new MalformedMessage('Too many appends were begun and not finished.');
    }
    this.incoming.set(key, append);
  }

  private commit(append: IncomingAppend): Promise<WriteOutcome | 'too_late'> {
    const { deadlineMs } = append.options;
    return this.commits.write((writes) =>
      deadlineMs !== null && deadlineMs <= Date.now() ? 'too_late' : writes.append(append.request),
    );
  }
}

function answer(address: BatchAddress, outcome: WriteOutcome | 'too_late'): Buffer {
  if (outcome === 'too_late') return encodeBatchFailure(address, batchTooLate());
  if (outcome.outcome === 'written') return encodeBatchAppended(address, outcome);
  return encodeBatchFailure(
    address,
    outcome.outcome === 'stream_deleted'
      ? batchStreamDeleted(address.stream)
      : batchConflict(address.expected, outcome.current),
  );
}

function failureOf(error: unknown): BatchFailure {
  if (error instanceof MalformedMessage) return batchMalformed(error.message);
  if (!(error instanceof WireError)) return batchUnknown(asWireError(error).message);
  return error.trailers['exception'] === 'maximum-append-size-exceeded'
    ? batchTooLarge()
    : batchMalformed(error.message);
}

/** Serves `BatchAppend`, the way the client appends unless it is told credentials for a call. */
export const serveBatchAppend =
  (commits: GroupCommit): GrpcHandler =>
  (call) => {
    new BatchStream(call, commits).serve();
  };
