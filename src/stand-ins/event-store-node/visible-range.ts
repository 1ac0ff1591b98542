import { NO_EVENTS } from './expected-revision.js';
import type { RevisionRange } from './revision-range.js';
import type { StreamHeads } from './stream-heads.js';
import { describedBy, firstVisibleRevision } from './stream-metadata.js';

/** A tombstoned stream takes its metastream with it. */
export function isStreamTombstoned(heads: StreamHeads, stream: string): boolean {
  const described = describedBy(stream);
  return heads.of(stream).tombstoned || (described !== null && heads.of(described).tombstoned);
}

/** The revisions of a stream that may be shown; null when readers are told that there is no such stream. */
export function visibleRange(heads: StreamHeads, stream: string): RevisionRange | null {
  const head = heads.of(stream);
  const metadata = heads.metadataOf(head);
  if (head.lastRevision === NO_EVENTS || metadata.softDeleted) return null;
  return { first: firstVisibleRevision(metadata, head.lastRevision), last: head.lastRevision };
}
