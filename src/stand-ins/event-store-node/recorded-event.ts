import { ProtobufReader } from './protobuf-reader.js';
import { ProtobufWriter } from './protobuf-writer.js';

/** An event as a writer hands it in. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  /** The user's metadata. */
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}

/** Where and when an event was recorded. */
export interface RecordedAt {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly atMs: number;
}

/** Stands in the log's revision column for a tombstone: the largest whole number a double holds. */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;

/** What the server shows as a tombstone's revision: the largest signed 64-bit number. */
export const WIRE_TOMBSTONE_REVISION = 2n ** 63n - 1n;

/** Fields of `ReadResp.ReadEvent.RecordedEvent`. */
const ID = 1;
const STREAM_IDENTIFIER = 2;
const STREAM_REVISION = 3;
const PREPARE_POSITION = 4;
const COMMIT_POSITION = 5;
const METADATA = 6;
const CUSTOM_METADATA = 7;
const DATA = 8;

const NOTHING = Buffer.alloc(0);

const STREAM_NAME = 3;
const MAP_KEY = 1;
const MAP_VALUE = 2;
const UUID_STRUCTURED = 1;
const UUID_STRING = 2;

const mapEntry = (writer: ProtobufWriter, key: string, value: string): void => {
  writer.message(METADATA, (entry) => entry.text(MAP_KEY, key).text(MAP_VALUE, value));
};

/** Enough for what a record holds beside data, metadata and names; a stream with a longer name makes it grow. */
const RECORD_BYTES = 512;

/** Encodes an event once, in the form every later read sends it. */
export function encodeRecordedEvent(event: ProposedEvent, at: RecordedAt): Buffer {
  const writer = new ProtobufWriter(event.data.length + event.metadata.length + RECORD_BYTES);
  writer.message(ID, (id) => id.text(UUID_STRING, event.id));
  writer.message(STREAM_IDENTIFIER, (stream) => stream.text(STREAM_NAME, at.stream));
  if (at.revision === TOMBSTONE_REVISION) {
    writer.uint64Big(STREAM_REVISION, WIRE_TOMBSTONE_REVISION);
  } else {
    writer.uint64(STREAM_REVISION, at.revision);
  }
  writer.uint64(PREPARE_POSITION, at.position).uint64(COMMIT_POSITION, at.position);
  // The server counts time in ticks of 100 ns since 1970.
  mapEntry(writer, 'created', `${at.atMs}0000`);
  mapEntry(writer, 'type', event.type);
  mapEntry(writer, 'content-type', event.contentType);
  if (event.metadata.length > 0) writer.bytes(CUSTOM_METADATA, event.metadata);
  if (event.data.length > 0) writer.bytes(DATA, event.data);
  return writer.finish();
}

/** The parts of a recorded event that the node itself looks at. */
export interface RecordedFields {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly createdAtMs: number;
  readonly type: string;
  readonly contentType: string;
  /** The user's metadata. */
  readonly metadata: Buffer;
  readonly data: Buffer;
}

/** Reads back what `encodeRecordedEvent` wrote. */
export function readRecordedEvent(record: Buffer): RecordedFields {
  const map = new Map<string, string>();
  let id = '';
  let stream = '';
  let revision = 0;
  let data: Buffer = NOTHING;
  let metadata: Buffer = NOTHING;
  for (const reader = new ProtobufReader(record); reader.next();) {
    if (reader.field === ID) id = readUuid(reader.message());
    else if (reader.field === STREAM_IDENTIFIER) stream = readStreamName(reader.message());
    else if (reader.field === STREAM_REVISION) revision = reader.varint();
    else if (reader.field === METADATA) readMapEntry(reader.message(), map);
    else if (reader.field === CUSTOM_METADATA) metadata = reader.bytes();
    else if (reader.field === DATA) data = reader.bytes();
    else reader.skip();
  }
  return {
    id,
    stream,
    revision,
    metadata,
    data,
    createdAtMs: Number(map.get('created')) / 10_000,
    type: map.get('type') ?? '',
    contentType: map.get('content-type') ?? '',
  };
}

/** Reads a stream identifier, which holds the name as bytes. */
export function readStreamName(reader: ProtobufReader): string {
  let name = '';
  while (reader.next()) {
    if (reader.field === STREAM_NAME) name = reader.text();
    else reader.skip();
  }
  return name;
}

/** Reads one entry of a `map<string, string>` field. */
export function readMapEntry(reader: ProtobufReader, into: Map<string, string>): void {
  let key = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === MAP_KEY) key = reader.text();
    else if (reader.field === MAP_VALUE) value = reader.text();
    else reader.skip();
  }
  into.set(key, value);
}

/** Reads a UUID in either of its two forms into lower-case text. */
export function readUuid(reader: ProtobufReader): string {
  let text = '';
  while (reader.next()) {
    if (reader.field === UUID_STRING) text = reader.text().toLowerCase();
    else if (reader.field === UUID_STRUCTURED) text = readStructuredUuid(reader.message());
    else reader.skip();
  }
  return text;
}

function readStructuredUuid(reader: ProtobufReader): string {
  let hex = ['0'.repeat(16), '0'.repeat(16)];
  while (reader.next()) {
    const bits = reader.bigVarint().toString(16).padStart(16, '0');
    hex = reader.field === 1 ? [bits, hex[1] ?? ''] : [hex[0] ?? '', bits];
  }
  const all = hex.join('');
  return [
    all.slice(0, 8),
    all.slice(8, 12),
    all.slice(12, 16),
    all.slice(16, 20),
    all.slice(20),
  ].join('-');
}

/** The same record with its id as two 64-bit halves, for clients that ask for that form. */
export function withStructuredId(record: Buffer): Buffer {
  const hex = readRecordedEvent(record).id.replaceAll('-', '');
  const writer = new ProtobufWriter();
  writer.message(ID, (id) =>
    id.message(UUID_STRUCTURED, (halves) => {
      halves.uint64Big(1, BigInt(`0x${hex.slice(0, 16)}`));
      halves.uint64Big(2, BigInt(`0x${hex.slice(16)}`));
    }),
  );
  return Buffer.concat([writer.finish(), withoutFirstField(record)]);
}

function withoutFirstField(record: Buffer): Buffer {
  const reader = new ProtobufReader(record);
  reader.next();
  reader.skip();
  return record.subarray(reader.offset);
}
