import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { NO_EVENTS } from './expected-revision.js';
import { readRecordedEvent, TOMBSTONE_REVISION } from './recorded-event.js';
import {
  describedBy,
  METADATA_OF_METASTREAM,
  metastreamOf,
  NO_METADATA,
  parseStreamMetadata,
  type StreamMetadata,
} from './stream-metadata.js';

/** What is known of one stream without reading its events. */
export interface StreamHead {
  readonly name: string;
  /** Row of the stream in the log; null until it has its first event. */
  key: number | null;
  /** Last revision, `NO_EVENTS` when there is none; of a tombstoned stream the last before the tombstone. */
  lastRevision: number;
  tombstoned: boolean;
  /** Undefined until somebody asks. */
  metadata: StreamMetadata | undefined;
}

/** Bounds memory whatever the number of streams; a head that fell out costs two index look-ups. */
const HEADS_KEPT = 50_000;

/**
 * The heads of the streams in use, read from the log when they are missing.
 * They only mirror the log, so after a failed transaction they are simply forgotten.
 */
export class StreamHeads {
  private readonly heads = new Map<string, StreamHead>();
  private readonly selectKey: StatementSync;
  private readonly selectLast: StatementSync;
  private readonly selectLastRecord: StatementSync;

  constructor(database: DatabaseSync) {
    this.selectKey = database.prepare('SELECT key FROM stream WHERE name = ?');
    this.selectLast = database.prepare(
      'SELECT revision FROM event WHERE stream = ? ORDER BY revision DESC LIMIT 2',
    );
    this.selectLastRecord = database.prepare(
      'SELECT record FROM event WHERE stream = ? AND revision = ?',
    );
  }

  of(name: string): StreamHead {
    const known = this.heads.get(name);
    if (known !== undefined) return known;
    const head = this.load(name);
    if (this.heads.size >= HEADS_KEPT) this.forgetOldest();
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
    this.heads.clear();
  }

  private load(name: string): StreamHead {
    const row = this.selectKey.get(name);
    const key = row === undefined ? null : Number(row['key']);
    const head: StreamHead = {
      name,
      key,
      lastRevision: NO_EVENTS,
      tombstoned: false,
      metadata: undefined,
    };
    if (key === null) return head;
    const revisions = this.selectLast.all(key).map((last) => Number(last['revision']));
    head.tombstoned = revisions[0] === TOMBSTONE_REVISION;
    head.lastRevision = (head.tombstoned ? revisions[1] : revisions[0]) ?? NO_EVENTS;
    return head;
  }

  private loadMetadata(name: string): StreamMetadata {
    if (describedBy(name) !== null) return METADATA_OF_METASTREAM;
    const metastream = this.of(metastreamOf(name));
    if (metastream.key === null || metastream.lastRevision === NO_EVENTS) return NO_METADATA;
    const row = this.selectLastRecord.get(metastream.key, metastream.lastRevision);
    const record = row?.['record'];
    if (!(record instanceof Uint8Array)) return NO_METADATA;
    const { contentType, data } = readRecordedEvent(asBuffer(record));
    return contentType === 'application/json' ? parseStreamMetadata(data) : NO_METADATA;
  }

  private forgetOldest(): void {
    const oldest = this.heads.keys().next();
    if (!oldest.done) this.heads.delete(oldest.value);
  }
}

/** A view of SQLite's bytes with Buffer's methods. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
