import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { copyLogFile, DiskFull, inTransaction, openLogFile } from './log-file.js';
import { LogReader } from './log-reader.js';
import { LogTail, type LogEntry } from './log-tail.js';
import { RecentEventIds } from './recent-event-ids.js';
import {
  encodeRecordedEvent,
  readRecordedEvent,
  TOMBSTONE_REVISION,
  type ProposedEvent,
} from './recorded-event.js';
import { StreamHeads, type StreamHead } from './stream-heads.js';
import { PositionsByStream } from './positions-by-stream.js';
import {
  describedBy,
  metastreamOf,
  NO_METADATA,
  parseStreamMetadata,
  type StreamMetadata,
} from './stream-metadata.js';

/** Positions grow by the size of what is stored, so that nobody can take them for a count. */
const POSITION_STEP_BYTES = 64;

/** The log in SQLite. Everything that writes does so inside `transact`. */
export class EventLog {
  readonly tail: LogTail;
  readonly reader: LogReader;
  readonly heads: StreamHeads;
  readonly ids = new RecentEventIds();
  private readonly insertEvent: StatementSync;
  private written: LogEntry[] = [];
  private lastPosition: number;
  private closed = false;

  /** @throws CannotStart when another process has the folder open */
  static open(directory: string, maxPages?: number): EventLog {
    const database = openLogFile(directory, maxPages);
    try {
      return new EventLog(database, PositionsByStream.open(directory));
    } catch (error) {
      database.close();
      throw error;
    }
  }

  private constructor(
    private readonly database: DatabaseSync,
    private readonly index: PositionsByStream,
  ) {
    this.heads = new StreamHeads({
      lastRevisions: (stream) => index.lastRevisions(stream),
      mayHaveMetadata: (stream) => index.mayHave(metastreamOf(stream)),
      metadataAt: (metastream, revision) => this.metadataAt(metastream, revision),
    });
    this.reader = new LogReader(database, index, this.heads);
    this.insertEvent = database.prepare(
      'INSERT INTO event (position, stream, revision, type, record) VALUES (?, ?, ?, ?, ?)',
    );
    this.lastPosition = this.reader.lastPosition();
    this.tail = new LogTail(this.lastPosition);
    this.completeIndex();
    for (const entry of this.reader.newestIds()) {
      this.ids.remember(entry.id, entry.stream, entry.revision);
    }
  }

  /**
   * Runs writes as one transaction and publishes them to readers once they are on disk.
   * @throws DiskFull nothing of it was kept
   */
  transact<Result>(work: () => Result): Result {
    this.index.relieve();
    const before = this.lastPosition;
    let result: Result;
    try {
      result = inTransaction(this.database, work);
    } catch (error) {
      this.lastPosition = before;
      this.index.dropAfter(before);
      // What was remembered of the undone writes is read again from the log.
      this.heads.forgetAll();
      for (const entry of this.written) this.ids.forget(readRecordedEvent(entry.record).id);
      this.written = [];
      throw error;
    }
    const { written } = this;
    this.written = [];
    if (written.length > 0) this.tail.push(written);
    // After the answers: none of them depends on it.
    if (this.index.isFull) setImmediate(() => this.writeIndex());
    return result;
  }

  /** Writes one event and returns its position. */
  store(head: StreamHead, event: ProposedEvent, revision: number): number {
    const stream = head.name;
    const position = this.lastPosition + POSITION_STEP_BYTES + event.data.length;
    const record = encodeRecordedEvent(event, { stream, revision, position, atMs: Date.now() });
    this.insertEvent.run(position, stream, revision, event.type, record);
    this.lastPosition = position;
    if (revision === TOMBSTONE_REVISION) head.tombstoned = true;
    else head.lastRevision = revision;
    this.index.add({ stream, revision, position });
    this.ids.remember(event.id, stream, revision);
    this.written.push({ position, stream, type: event.type, record });
    const described = describedBy(stream);
    if (described !== null) this.heads.forgetMetadata(described);
    return position;
  }

  /** Writes `copy.sqlite` into a folder: the log as it is at one instant, while appends go on. */
  async copyTo(directory: string): Promise<void> {
    await copyLogFile(this.database, directory);
  }

  close(): void {
    this.closed = true;
    this.writeIndex();
    this.index.close();
    this.database.close();
  }

  /** Brings the index to where the log is, whichever of the two a crash has left behind. */
  private completeIndex(): void {
    this.index.dropAfter(this.lastPosition);
    for (const entry of this.reader.entriesAfter(this.index.writtenUpTo)) {
      this.index.add(entry);
      if (this.index.isFull) this.index.flush();
    }
    this.index.flush();
  }

  private writeIndex(): void {
    if (this.closed && !this.database.isOpen) return;
    try {
      this.index.flush();
    } catch (error) {
      // It stays gathered, and is complete again from the log at the next start at the latest.
      if (!(error instanceof DiskFull)) throw error;
    }
  }

  private metadataAt(metastream: string, revision: number): StreamMetadata {
    const position = this.index.positionAt(metastream, revision);
    if (position === undefined) return NO_METADATA;
    const { contentType, data } = readRecordedEvent(this.reader.recordAtPosition(position));
    return contentType === 'application/json' ? parseStreamMetadata(data) : NO_METADATA;
  }
}
