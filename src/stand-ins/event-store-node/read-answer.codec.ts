import { readRecordedEvent, withStructuredId } from './recorded-event.js';
import { ProtobufWriter, varintSize, writeVarint } from './protobuf-writer.js';

/** Fields of `ReadResp`. */
const EVENT = 1;
const CONFIRMATION = 2;
const CHECKPOINT = 3;
const STREAM_NOT_FOUND = 4;
const FIRST_STREAM_POSITION = 5;
const LAST_STREAM_POSITION = 6;
const CAUGHT_UP = 8;

/** First byte of a length-delimited field and of a number. */
const bytesTag = (field: number): number => field * 8 + 2;
const numberTag = (field: number): number => field * 8;

/** One event as a reader gets it. */
export interface ReadableEvent {
  readonly position: number;
  /** The event itself; undefined when a link leads nowhere. */
  readonly record: Buffer | undefined;
  /** The link that led to the event. */
  readonly link?: Buffer;
}

/** `ReadResp.event`. By hand and into one buffer, since a read does nothing else for most of its time. */
export function encodeReadEvent({ position, record, link }: ReadableEvent): Buffer {
  const size = fieldSize(record) + fieldSize(link) + 1 + varintSize(position);
  const into = Buffer.allocUnsafe(1 + varintSize(size) + size);
  into[0] = bytesTag(EVENT);
  let at = writeVarint(into, 1, size);
  at = writeField(into, at, 1, record);
  at = writeField(into, at, 2, link);
  into[at] = numberTag(3);
  writeVarint(into, at + 1, position);
  return into;
}

const fieldSize = (value: Buffer | undefined): number =>
  value === undefined ? 0 : 1 + varintSize(value.length) + value.length;

function writeField(into: Buffer, at: number, field: number, value: Buffer | undefined): number {
  if (value === undefined) return at;
  into[at] = bytesTag(field);
  const start = writeVarint(into, at + 1, value.length);
  into.set(value, start);
  return start + value.length;
}

/** The same event with its ids in the form of two 64-bit numbers. */
export const withStructuredIds = (event: ReadableEvent): ReadableEvent => ({
  position: event.position,
  record: event.record && withStructuredId(event.record),
  ...(event.link === undefined ? {} : { link: withStructuredId(event.link) }),
});

export const encodeConfirmation = (subscriptionId: string): Buffer =>
  new ProtobufWriter().message(CONFIRMATION, (answer) => answer.text(1, subscriptionId)).finish();

export const encodeCheckpoint = (position: number): Buffer =>
  new ProtobufWriter()
    .message(CHECKPOINT, (answer) => answer.uint64(1, position).uint64(2, position))
    .finish();

export const encodeStreamNotFound = (stream: string): Buffer =>
  new ProtobufWriter()
    .message(STREAM_NOT_FOUND, (answer) => answer.message(1, (name) => name.text(3, stream)))
    .finish();

export const encodeCaughtUp = (): Buffer => new ProtobufWriter().empty(CAUGHT_UP).finish();

export const encodeFirstStreamPosition = (revision: number): Buffer =>
  new ProtobufWriter().uint64(FIRST_STREAM_POSITION, revision).finish();

export const encodeLastStreamPosition = (revision: number): Buffer =>
  new ProtobufWriter().uint64(LAST_STREAM_POSITION, revision).finish();

/** Where a `$>` event leads: `number@stream`; null when the event is no link or a broken one. */
export function linkTarget(record: Buffer): { stream: string; revision: number } | null {
  const { type, data } = readRecordedEvent(record);
  if (type !== '$>') return null;
  const match = /^(\d{1,15})@(.+)$/s.exec(data.toString('utf8'));
  return match === null ? null : { revision: Number(match[1]), stream: match[2] ?? '' };
}
