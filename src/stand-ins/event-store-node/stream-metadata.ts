/** What `$metadata` events can say about their stream, as far as this node acts on it. */
export interface StreamMetadata {
  readonly truncateBefore: number;
  readonly maxCount: number | null;
  readonly maxAgeMs: number | null;
  /** Deleted, but a later append may revive it. */
  readonly softDeleted: boolean;
  /** The whole object as written, since a revival keeps every other key. */
  readonly written: Readonly<Record<string, unknown>>;
}

/** `$tb` of a deleted stream: the largest signed 64-bit number. */
const DELETED_TRUNCATE_BEFORE = '9223372036854775807';

/** A double cannot tell 2^63-1 from 2^63, and no real revision comes near. */
const DELETED_FROM = 2 ** 63;

export const NO_METADATA: StreamMetadata = {
  truncateBefore: 0,
  maxCount: null,
  maxAgeMs: null,
  softDeleted: false,
  written: {},
};

/** The bytes of the `$metadata` event that deletes a stream. */
export const SOFT_DELETE_METADATA = Buffer.from(`{"$tb":${DELETED_TRUNCATE_BEFORE}}`, 'utf8');

/** A metastream shows only the newest metadata. */
export const METADATA_OF_METASTREAM: StreamMetadata = { ...NO_METADATA, maxCount: 1 };

const positiveOrNull = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;

/** Reads the data of a `$metadata` event; bytes that are no JSON object say nothing, as on the server. */
export function parseStreamMetadata(data: Buffer): StreamMetadata {
  const written = parseObject(data);
  if (written === null) return NO_METADATA;
  const truncateBefore = typeof written['$tb'] === 'number' ? written['$tb'] : 0;
  const maxAgeSeconds = positiveOrNull(written['$maxAge']);
  return {
    truncateBefore: Math.max(0, truncateBefore),
    maxCount: positiveOrNull(written['$maxCount']),
    maxAgeMs: maxAgeSeconds === null ? null : maxAgeSeconds * 1000,
    softDeleted: truncateBefore >= DELETED_FROM,
    written,
  };
}

function parseObject(data: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(data.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The metadata of a revived stream: everything it had, cut at the revision it goes on from. */
export const revivedMetadata = (metadata: StreamMetadata, fromRevision: number): Buffer =>
  Buffer.from(JSON.stringify({ ...metadata.written, $tb: fromRevision }), 'utf8');

/** The first revision that may be shown, by count and by truncation. */
export function firstVisibleRevision(metadata: StreamMetadata, lastRevision: number): number {
  const byCount = metadata.maxCount === null ? 0 : lastRevision - metadata.maxCount + 1;
  return Math.max(0, byCount, metadata.truncateBefore);
}

const METASTREAM_PREFIX = '$$';

export const metastreamOf = (stream: string): string => `${METASTREAM_PREFIX}${stream}`;

/** The stream that a metastream describes; null for any other stream. */
export const describedBy = (stream: string): string | null =>
  stream.startsWith(METASTREAM_PREFIX) ? stream.slice(METASTREAM_PREFIX.length) : null;
