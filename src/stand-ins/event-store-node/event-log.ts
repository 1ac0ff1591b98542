import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  decideAppend,
  NO_EVENTS,
  type ExpectedRevision,
  type StreamView,
} from './expected-revision.js';
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
import {
  describedBy,
  metastreamOf,
  revivedMetadata,
  SOFT_DELETE_METADATA,
} from './stream-metadata.js';

export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
}

export type WriteOutcome =
  | {
      readonly outcome: 'written';
      /** Last revision of these events, `NO_EVENTS` when the stream still has none. */
      readonly lastRevision: number;
      /** Where the last of them stands; null when the append repeated an older one or was empty. */
      readonly position: number | null;
    }
  | { readonly outcome: 'wrong_expected_version'; readonly current: number }
  | { readonly outcome: 'stream_deleted' };

/** Positions grow by the size of what is stored, so that nobody can take them for a count. */
const POSITION_STEP_BYTES = 64;

const metadataEvent = (data: Uint8Array): ProposedEvent => ({
  id: randomUUID(),
  type: '$metadata',
  contentType: 'application/json',
  metadata: new Uint8Array(),
  data,
});

const tombstoneEvent = (): ProposedEvent => ({
  id: randomUUID(),
  type: '$streamDeleted',
  contentType: 'application/octet-stream',
  metadata: new Uint8Array(),
  data: new Uint8Array(),
});

/** The log in SQLite: decides and writes inside `transact`, and only there. */
export class EventLog {
  readonly tail: LogTail;
  readonly reader: LogReader;
  readonly heads: StreamHeads;
  private readonly ids = new RecentEventIds();
  private readonly insertStream: StatementSync;
  private readonly insertEvent: StatementSync;
  private written: LogEntry[] = [];
  private lastPosition: number;

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
    try {
      const result = inTransaction(this.database, work);
      if (this.written.length > 0) this.tail.push(this.written);
      return result;
    } catch (error) {
      this.lastPosition = before;
      this.heads.forgetAll();
      for (const entry of this.written) this.ids.forget(readRecordedEvent(entry.record).id);
      throw error;
    } finally {
      this.written = [];
    }
  }

  append(request: AppendRequest): WriteOutcome {
    const head = this.heads.of(request.stream);
    const ids = request.events.map((event) => event.id);
    const decided = decideAppend(this.view(head), request.expected, ids);
    if (decided.decision === 'stream_deleted') return { outcome: 'stream_deleted' };
    if (decided.decision === 'wrong_expected_version') {
      return { outcome: 'wrong_expected_version', current: head.lastRevision };
    }
    if (decided.decision === 'replay') {
      return { outcome: 'written', lastRevision: decided.lastRevision, position: null };
    }
    this.reviveIfDeleted(head, request.events.length);
    for (const event of request.events) this.store(head, event, head.lastRevision + 1);
    const position = request.events.length === 0 ? null : this.lastPosition;
    return { outcome: 'written', lastRevision: head.lastRevision, position };
  }

  /** Hides everything so far; a later append revives the stream. */
  softDelete(stream: string, expected: ExpectedRevision): WriteOutcome {
    return this.deleteWith(stream, expected, () => {
      const metastream = this.heads.of(metastreamOf(stream));
      this.store(metastream, metadataEvent(SOFT_DELETE_METADATA), metastream.lastRevision + 1);
    });
  }

  /** Ends a stream for good. */
  tombstone(stream: string, expected: ExpectedRevision): WriteOutcome {
    return this.deleteWith(stream, expected, (head) => {
      this.store(head, tombstoneEvent(), TOMBSTONE_REVISION);
    });
  }

  close(): void {
    this.database.close();
  }

  private deleteWith(
    stream: string,
    expected: ExpectedRevision,
    write: (head: StreamHead) => void,
  ): WriteOutcome {
    const head = this.heads.of(stream);
    // A deletion is an event of its own whose id nobody has seen, so it is never a replay.
    const decided = decideAppend(this.view(head), expected, [randomUUID()]);
    if (decided.decision === 'stream_deleted') return { outcome: 'stream_deleted' };
    if (decided.decision !== 'write') {
      return { outcome: 'wrong_expected_version', current: head.lastRevision };
    }
    write(head);
    return { outcome: 'written', lastRevision: head.lastRevision, position: this.lastPosition };
  }

  private view(head: StreamHead): StreamView {
    const { heads, ids, reader } = this;
    return {
      current: head.lastRevision,
      tombstoned: this.isTombstoned(head),
      get softDeleted() {
        return heads.metadataOf(head).softDeleted;
      },
      hasMetadata: () => heads.of(metastreamOf(head.name)).lastRevision !== NO_EVENTS,
      revisionOf: (eventId) => ids.revisionOf(eventId, head.name),
      eventIdAt: (revision) => reader.eventIdAt(head, revision),
    };
  }

  /** A metastream shares the fate of the stream it describes. */
  private isTombstoned(head: StreamHead): boolean {
    const described = describedBy(head.name);
    return head.tombstoned || (described !== null && this.heads.of(described).tombstoned);
  }

  /** Numbers go on where the deleted events ended, and those stay hidden. */
  private reviveIfDeleted(head: StreamHead, events: number): void {
    const described = describedBy(head.name);
    if (described !== null || events === 0) return;
    const metadata = this.heads.metadataOf(head);
    if (!metadata.softDeleted) return;
    const metastream = this.heads.of(metastreamOf(head.name));
    const revived = revivedMetadata(metadata, head.lastRevision + 1);
    this.store(metastream, metadataEvent(revived), metastream.lastRevision + 1);
  }

  private store(head: StreamHead, event: ProposedEvent, revision: number): void {
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
  }
}
