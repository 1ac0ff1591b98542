import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LogEntry, LogLine } from './log-tail.js';
import { readRecordedEvent } from './recorded-event.js';
import type { Direction, RevisionRange } from './revision-range.js';
import { asBuffer, blobAt, rowsOf } from './sqlite-rows.js';
import type { StreamHeads } from './stream-heads.js';
import type { IndexEntry, PositionsByStream } from './positions-by-stream.js';
import { firstVisibleRevision } from './stream-metadata.js';

/** One event of a stream, as far as a reader of that stream needs it. */
export interface StreamEntry {
  readonly revision: number;
  readonly position: number;
  readonly record: Buffer;
}

/** Keeps one page small in memory even when every event is as large as events may be. */
const PAGE_BYTES = 2 * 1024 * 1024;

/** How many events' ids are recognised over a restart. */
const IDS_REMEMBERED = 16_384;

/** Reads pages of the log; every page is one short query, so that appends never wait long. */
export class LogReader {
  private readonly allForwards: StatementSync;
  private readonly allBackwards: StatementSync;
  private readonly linesForwards: StatementSync;
  private readonly linesBackwards: StatementSync;
  private readonly recordAt: StatementSync;

  constructor(
    private readonly database: DatabaseSync,
    private readonly index: PositionsByStream,
    private readonly heads: StreamHeads,
  ) {
    const prepare = (sql: string): StatementSync => {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    const whole = 'SELECT position, stream, type, record FROM event WHERE position';
    this.allForwards = prepare(`${whole} > ? ORDER BY position LIMIT ?`);
    this.allBackwards = prepare(`${whole} < ? ORDER BY position DESC LIMIT ?`);
    const line = 'SELECT position, stream, type FROM event WHERE position';
    this.linesForwards = prepare(`${line} > ? ORDER BY position LIMIT ?`);
    this.linesBackwards = prepare(`${line} < ? ORDER BY position DESC LIMIT ?`);
    this.recordAt = prepare('SELECT record FROM event WHERE position = ?');
  }

  lastPosition(): number {
    const row = this.database.prepare('SELECT max(position) AS last FROM event').get();
    return Number(row?.['last'] ?? 0);
  }

  /** What the index of streams has to know about the events after a position. */
  *entriesAfter(position: number): Generator<IndexEntry> {
    const rows = this.database
      .prepare('SELECT stream, revision, position FROM event WHERE position > ? ORDER BY position')
      .iterate(position);
    for (const row of rows) {
      yield {
        stream: String(row['stream']),
        revision: Number(row['revision']),
        position: Number(row['position']),
      };
    }
  }

  /** Ids of the newest events, oldest first, to go on recognising retries after a restart. */
  *newestIds(): Generator<{ id: string; stream: string; revision: number }> {
    const rows = this.database
      .prepare(
        `SELECT stream, revision, record FROM event
         WHERE position > coalesce(
           (SELECT position FROM event ORDER BY position DESC LIMIT 1 OFFSET ?), 0)
         ORDER BY position`,
      )
      .iterate(IDS_REMEMBERED);
    for (const row of rows) {
      const record = row['record'];
      if (!(record instanceof Uint8Array)) continue;
      yield {
        id: readRecordedEvent(asBuffer(record)).id,
        stream: String(row['stream']),
        revision: Number(row['revision']),
      };
    }
  }

  positionAt(stream: string, revision: number): number | undefined {
    return this.index.positionAt(stream, revision);
  }

  eventIdAt(stream: string, revision: number): string | undefined {
    const position = this.index.positionAt(stream, revision);
    if (position === undefined) return undefined;
    return readRecordedEvent(this.recordAtPosition(position)).id;
  }

  /** One event of a stream by its revision, if it is still to be seen. */
  visibleEvent(stream: string, revision: number): Buffer | undefined {
    const head = this.heads.of(stream);
    const metadata = this.heads.metadataOf(head);
    if (head.tombstoned || revision > head.lastRevision) return undefined;
    if (revision < firstVisibleRevision(metadata, head.lastRevision)) return undefined;
    const position = this.index.positionAt(stream, revision);
    if (position === undefined) return undefined;
    const record = this.recordAtPosition(position);
    if (metadata.maxAgeMs === null) return record;
    const tooOld = readRecordedEvent(record).createdAtMs < Date.now() - metadata.maxAgeMs;
    return tooOld ? undefined : record;
  }

  /** A page of a stream between two revisions, both included. */
  streamPage(
    stream: string,
    range: RevisionRange & { readonly direction: Direction; readonly limit: number },
  ): StreamEntry[] {
    const page: StreamEntry[] = [];
    let bytes = 0;
    for (const { revision, position } of this.index.positions(stream, range)) {
      const record = this.recordAtPosition(position);
      page.push({ revision, position, record });
      bytes += record.length;
      if (bytes >= PAGE_BYTES) break;
    }
    return page;
  }

  /** A page of the whole log, beyond a position. */
  allPage(beyond: number, direction: Direction, limit: number): LogEntry[] {
    const statement = direction === 'forwards' ? this.allForwards : this.allBackwards;
    const page: LogEntry[] = [];
    let bytes = 0;
    for (const row of rowsOf(statement.iterate(beyond, limit))) {
      const record = blobAt(row, 3);
      page.push({
        position: Number(row[0]),
        stream: String(row[1]),
        type: String(row[2]),
        record,
      });
      bytes += record.length;
      if (bytes >= PAGE_BYTES) break;
    }
    return page;
  }

  /** As `allPage`, without the events' bytes. */
  linePage(beyond: number, direction: Direction, limit: number): LogLine[] {
    const statement = direction === 'forwards' ? this.linesForwards : this.linesBackwards;
    return Array.from(rowsOf(statement.iterate(beyond, limit)), (row) => ({
      position: Number(row[0]),
      stream: String(row[1]),
      type: String(row[2]),
    }));
  }

  recordAtPosition(position: number): Buffer {
    const [row] = rowsOf([this.recordAt.get(position)]);
    return row === undefined ? Buffer.alloc(0) : blobAt(row, 0);
  }
}
