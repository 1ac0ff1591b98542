import { RecentMap } from '../../kernel/recent-map.js';
import { NO_EVENTS } from './expected-revision.js';
import { TOMBSTONE_REVISION } from './recorded-event.js';
import {
  describedBy,
  METADATA_OF_METASTREAM,
  metastreamOf,
  NO_METADATA,
  type StreamMetadata,
} from './stream-metadata.js';

/** What is known of one stream without reading its events. */
export interface StreamHead {
  readonly name: string;
  /** Last revision, `NO_EVENTS` when there is none; of a tombstoned stream the last before the tombstone. */
  lastRevision: number;
  tombstoned: boolean;
  /** Undefined until somebody asks. */
  metadata: StreamMetadata | undefined;
}

/** Where a head is read from when it is not in memory. */
export interface HeadSource {
  /** The highest revisions of a stream, highest first, at most two. */
  lastRevisions(stream: string): readonly number[];
  /** False when the stream has no metadata for certain. */
  mayHaveMetadata(stream: string): boolean;
  /** The metadata in an event of a metastream. */
  metadataAt(metastream: string, revision: number): StreamMetadata;
}

/** Bounds memory whatever the number of streams; a head that fell out costs two index look-ups. */
const HEADS_KEPT = 50_000;

/**
 * The heads of the streams in use, read from the log when they are missing.
 * They only mirror the log, so after a failed transaction they are simply forgotten.
 */
export class StreamHeads {
  private heads = new RecentMap<string, StreamHead>(HEADS_KEPT);

  constructor(private readonly source: HeadSource) {}

  of(name: string): StreamHead {
    const known = this.heads.get(name);
    if (known !== undefined) return known;
    const head = this.load(name);
    this.heads.set(name, head);
    return head;
  }

  metadataOf(head: StreamHead): StreamMetadata {
    head.metadata ??= this.loadMetadata(head.name);
    return head.metadata;
  }

  /** Drops what was derived from a metastream that has just been written. */
  forgetMetadata(name: string): void {
    const head = this.heads.get(name);
    if (head !== undefined) head.metadata = undefined;
  }

  forgetAll(): void {
    this.heads = new RecentMap(HEADS_KEPT);
  }

  private load(name: string): StreamHead {
    const [highest, second] = this.source.lastRevisions(name);
    const tombstoned = highest === TOMBSTONE_REVISION;
    const lastRevision = (tombstoned ? second : highest) ?? NO_EVENTS;
    return { name, lastRevision, tombstoned, metadata: undefined };
  }

  private loadMetadata(name: string): StreamMetadata {
    if (describedBy(name) !== null) return METADATA_OF_METASTREAM;
    if (!this.source.mayHaveMetadata(name)) return NO_METADATA;
    const metastream = this.of(metastreamOf(name));
    return metastream.lastRevision === NO_EVENTS
      ? NO_METADATA
      : this.source.metadataAt(metastream.name, metastream.lastRevision);
  }
}
