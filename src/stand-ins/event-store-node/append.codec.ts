import type { ExpectedRevision } from './expected-revision.js';
import type { ProtobufReader } from './protobuf-reader.js';
import { readMapEntry, readStreamName, readUuid, type ProposedEvent } from './recorded-event.js';
import type { AppendRequest } from './stream-writes.js';
import {
  invalidArgument,
  MAX_APPEND_BYTES,
  maximumAppendSizeExceeded,
  missingMetadataProperty,
} from './wire-errors.js';

/** What append, batch append, delete and tombstone say first; the four messages share their field numbers. */
export interface WriteOptions {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** When the writer stops waiting; null when it did not say. */
  readonly deadlineMs: number | null;
}

const STREAM_IDENTIFIER = 1;
const REVISION = 2;
const NO_STREAM = 3;
const ANY = 4;
const STREAM_EXISTS = 5;
const DEADLINE_TIMESTAMP = 6;
const DEADLINE_DURATION = 7;

const EMPTY_ID = '00000000-0000-0000-0000-000000000000';

/** @throws WireError when the options name no stream or no expectation */
export function readWriteOptions(reader: ProtobufReader): WriteOptions {
  let stream: string | null = null;
  let expected: ExpectedRevision | null = null;
  let deadlineMs: number | null = null;
  while (reader.next()) {
    if (reader.field === STREAM_IDENTIFIER) stream = readStreamName(reader.message());
    else if (reader.field === DEADLINE_TIMESTAMP) deadlineMs = readMs(reader.message());
    else if (reader.field === DEADLINE_DURATION) deadlineMs = Date.now() + readMs(reader.message());
    else expected = readExpected(reader) ?? expected;
  }
  if (stream === null || stream === '') throw invalidArgument('The stream has no name.');
  if (expected === null) throw invalidArgument('The expected stream revision is missing.');
  return { stream, expected, deadlineMs };
}

function readExpected(reader: ProtobufReader): ExpectedRevision | null {
  if (reader.field === REVISION) return reader.varint();
  reader.skip();
  if (reader.field === NO_STREAM) return 'no_stream';
  if (reader.field === ANY) return 'any';
  return reader.field === STREAM_EXISTS ? 'stream_exists' : null;
}

/** Seconds and nanoseconds, as both Timestamp and Duration carry them. */
function readMs(reader: ProtobufReader): number {
  let ms = 0;
  while (reader.next()) {
    const value = Number(BigInt.asIntN(64, reader.bigVarint()));
    ms += reader.field === 1 ? value * 1000 : value / 1_000_000;
  }
  return ms;
}

/** @throws WireError when the type or the content type is missing */
export function readProposedEvent(reader: ProtobufReader): ProposedEvent {
  const map = new Map<string, string>();
  let id = '';
  let metadata: Uint8Array = new Uint8Array();
  let data: Uint8Array = new Uint8Array();
  while (reader.next()) {
    if (reader.field === 1) id = readUuid(reader.message());
    else if (reader.field === 2) readMapEntry(reader.message(), map);
    else if (reader.field === 3) metadata = reader.bytes();
    else if (reader.field === 4) data = reader.bytes();
    else reader.skip();
  }
  const type = map.get('type');
  if (type === undefined) throw missingMetadataProperty('type');
  const contentType = map.get('content-type');
  if (contentType === undefined) throw missingMetadataProperty('content-type');
  if (id === '' || id === EMPTY_ID) throw invalidArgument('An event has no id.');
  if (type === '') throw invalidArgument('An event has no type.');
  return { id, type, contentType, metadata, data };
}

/** An append while its parts arrive. */
export class IncomingAppend {
  private readonly events: ProposedEvent[] = [];
  private bytes = 0;

  constructor(readonly options: WriteOptions) {}

  /** @throws WireError above the size limit */
  add(event: ProposedEvent): void {
    // The type counts twice because the server keeps it as UTF-16.
    this.bytes += event.data.length + event.metadata.length + 2 * event.type.length;
    if (this.bytes > MAX_APPEND_BYTES) throw maximumAppendSizeExceeded();
    this.events.push(event);
  }

  get request(): AppendRequest {
    return { stream: this.options.stream, expected: this.options.expected, events: this.events };
  }
}
