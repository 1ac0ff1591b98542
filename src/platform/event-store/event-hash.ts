import { sha256Hex } from '../../kernel/ids.js';

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
