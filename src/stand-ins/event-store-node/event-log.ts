import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction, openLogFile } from './log-file.js';
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
import { describedBy } from './stream-metadata.js';

/** Positions grow by the size of what is stored, so that nobody can take them for a count. */
const POSITION_STEP_BYTES = 64;

/** The log in SQLite. Everything that writes does so inside `transact`. */
export class EventLog {
  readonly tail: LogTail;
  readonly reader: LogReader;
  readonly heads: StreamHeads;
  readonly ids = new RecentEventIds();
  private readonly insertStream: StatementSync;
  private readonly insertEvent: StatementSync;
  private written: LogEntry[] = [];
  private lastPosition: number;

  /** @throws CannotStart when another process has the folder open */
  static open(directory: string, maxPages?: number): EventLog {
    return new EventLog(openLogFile(directory, maxPages));
  }

  private constructor(private readonly database: DatabaseSync) {
    this.heads = new StreamHeads(database);
    this.reader = new LogReader(database, this.heads);
    this.insertStream = database.prepare('INSERT INTO stream (name) VALUES (?)');
    this.insertEvent = database.prepare(
      'INSERT INTO event (position, stream, revision, type, record) VALUES (?, ?, ?, ?, ?)',
    );
    this.lastPosition = this.reader.lastPosition();
    this.tail = new LogTail(this.lastPosition);
    for (const entry of this.reader.newestIds()) {
      this.ids.remember(entry.id, entry.stream, entry.revision);
    }
  }

  /**
   * Runs writes as one transaction and publishes them to readers once they are on disk.
   * @throws DiskFull nothing of it was kept
   */
  transact<Result>(work: () => Result): Result {
    const before = this.lastPosition;
    let result: Result;
    try {
      result = inTransaction(this.database, work);
    } catch (error) {
      this.lastPosition = before;
      // What was remembered of the undone writes is read again from the log.
      this.heads.forgetAll();
      for (const entry of this.written) this.ids.forget(readRecordedEvent(entry.record).id);
      this.written = [];
      throw error;
    }
    const { written } = this;
    this.written = [];
    if (written.length > 0) this.tail.push(written);
    return result;
  }

  /** Writes one event and returns its position. */
  store(head: StreamHead, event: ProposedEvent, revision: number): number {
    head.key ??= Number(this.insertStream.run(head.name).lastInsertRowid);
    const position = this.lastPosition + POSITION_STEP_BYTES + event.data.length;
    const at = { stream: head.name, revision, position, atMs: Date.now() };
    const record = encodeRecordedEvent(event, at);
    this.insertEvent.run(position, head.key, revision, event.type, record);
    this.lastPosition = position;
    if (revision === TOMBSTONE_REVISION) head.tombstoned = true;
    else head.lastRevision = revision;
    this.ids.remember(event.id, head.name, revision);
    this.written.push({ position, stream: head.name, type: event.type, record });
    const described = describedBy(head.name);
    if (described !== null) this.heads.forgetMetadata(described);
    return position;
  }

  close(): void {
    this.database.close();
  }
}
