import { crc32 } from 'node:zlib';
import { sha256Hex } from '../../kernel/ids.js';
import type { EventMetadata } from './stored-event.js';

/** The JSON texts of an event, exactly as the client writes them into the log. */
export interface StoredBytes {
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/**
 * The bytes that an event is stored as. The client writes `JSON.stringify` of data and metadata, and what it
 * parsed on reading gives the same text again, since key order and number format survive the round trip.
 */
export const storedBytes = (type: string, data: unknown, metadata: unknown): StoredBytes => ({
  type,
  data: JSON.stringify(data),
  metadata: JSON.stringify(metadata),
});

/** SHA-256 of an event's stored bytes: data, metadata and type, divided by line feeds, which JSON text never holds. */
export const hashOf = ({ type, data, metadata }: StoredBytes): string =>
  sha256Hex(`${data}\n${metadata}\n${type}`);

/** What a checksum covers beside the metadata: the event, and the place that it was written for. */
export interface ChecksummedEvent {
  readonly streamName: string;
  readonly revision: bigint;
  readonly eventId: string;
  readonly type: string;
  /** The JSON text. */
  readonly data: string;
}

/**
 * CRC-32 of an event and its place, in hex. It finds damage where the chain cannot, in the last event of a stream,
 * and costs a fraction of a hash; against forgery there are the signed anchors. The checksum itself is left out.
 */
export function checksumOf(event: ChecksummedEvent, metadata: EventMetadata): string {
  const { checksum: _, ...covered } = metadata;
  return checksumOver(event, JSON.stringify(covered));
}

function checksumOver(event: ChecksummedEvent, covered: string): string {
  const { streamName, revision, eventId, type, data } = event;
  const text = `${streamName}\n${revision}\n${eventId}\n${type}\n${data}\n${covered}`;
  return crc32(text).toString(16).padStart(8, '0');
}

/** The JSON text of an event's metadata with its checksum, and the hash of the event that is stored with it. */
export function sealedMetadata(
  event: ChecksummedEvent,
  covered: Omit<EventMetadata, 'checksum'>,
): { readonly metadata: string; readonly hash: string } {
  const text = JSON.stringify(covered);
  const checksum = checksumOver(event, text);
  // Last of its fields, so that the text need not be written anew.
  const metadata = `${text.slice(0, -1)},"checksum":"${checksum}"}`;
  const hash = hashOf({ type: event.type, data: event.data, metadata });
  return { metadata, hash };
}
