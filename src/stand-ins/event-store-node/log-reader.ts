import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LogEntry, LogLine } from './log-tail.js';
import { readRecordedEvent } from './recorded-event.js';
import { asBuffer, type StreamHead, type StreamHeads } from './stream-heads.js';
import { firstVisibleRevision } from './stream-metadata.js';

export type Direction = 'forwards' | 'backwards';

/** One event of a stream, as far as a reader of that stream needs it. */
export interface StreamEntry {
  readonly revision: number;
  readonly position: number;
  readonly record: Buffer;
}

/** Keeps one page small in memory even when every event is as large as events may be. */
const PAGE_BYTES = 2 * 1024 * 1024;

const IDS_REMEMBERED = 16_384;

type Row = ReadonlyArray<unknown>;

const blobAt = (row: Row, index: number): Buffer => {
  const value = row[index];
  return value instanceof Uint8Array ? asBuffer(value) : Buffer.alloc(0);
};

/** Reads pages of the log; every page is one short query, so that appends never wait long. */
export class LogReader {
  private readonly streamForwards: StatementSync;
  private readonly streamBackwards: StatementSync;
  private readonly allForwards: StatementSync;
  private readonly allBackwards: StatementSync;
  private readonly linesForwards: StatementSync;
  private readonly linesBackwards: StatementSync;
  private readonly recordAt: StatementSync;
  private readonly positionOf: StatementSync;
  private readonly recordOf: StatementSync;

  constructor(
    private readonly database: DatabaseSync,
    private readonly heads: StreamHeads,
  ) {
    const prepare = (sql: string): StatementSync => {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    const ofStream = 'SELECT revision, position, record FROM event WHERE stream = ?';
    this.streamForwards = prepare(
      `${ofStream} AND revision BETWEEN ? AND ? ORDER BY revision LIMIT ?`,
    );
    this.streamBackwards = prepare(
      `${ofStream} AND revision BETWEEN ? AND ? ORDER BY revision DESC LIMIT ?`,
    );
    const joined = 'FROM event JOIN stream ON stream.key = event.stream WHERE position';
    const whole = `SELECT position, name, type, record ${joined}`;
    this.allForwards = prepare(`${whole} > ? ORDER BY position LIMIT ?`);
    this.allBackwards = prepare(`${whole} < ? ORDER BY position DESC LIMIT ?`);
    const line = `SELECT position, name, type ${joined}`;
    this.linesForwards = prepare(`${line} > ? ORDER BY position LIMIT ?`);
    this.linesBackwards = prepare(`${line} < ? ORDER BY position DESC LIMIT ?`);
    this.recordAt = prepare('SELECT record FROM event WHERE position = ?');
    this.positionOf = prepare('SELECT position FROM event WHERE stream = ? AND revision = ?');
    this.recordOf = prepare('SELECT record FROM event WHERE stream = ? AND revision = ?');
  }

  lastPosition(): number {
    const row = this.database.prepare('SELECT max(position) AS last FROM event').get();
    return Number(row?.['last'] ?? 0);
  }

  /** Ids of the newest events, oldest first, to go on recognising retries after a restart. */
  *newestIds(): Generator<{ id: string; stream: string; revision: number }> {
    const rows = this.database
      .prepare(
        `SELECT revision, name, record FROM event JOIN stream ON stream.key = event.stream
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
        stream: String(row['name']),
        revision: Number(row['revision']),
      };
    }
  }

  eventIdAt(head: StreamHead, revision: number): string | undefined {
    const record = this.recordOfStream(head, revision);
    return record === undefined ? undefined : readRecordedEvent(record).id;
  }

  /** One event of a stream by its revision, if it is still to be seen. */
  visibleEvent(stream: string, revision: number): Buffer | undefined {
    const head = this.heads.of(stream);
    const metadata = this.heads.metadataOf(head);
    if (head.tombstoned || revision > head.lastRevision) return undefined;
    if (revision < firstVisibleRevision(metadata, head.lastRevision)) return undefined;
    const record = this.recordOfStream(head, revision);
    if (record === undefined || metadata.maxAgeMs === null) return record;
    return readRecordedEvent(record).createdAtMs < Date.now() - metadata.maxAgeMs
      ? undefined
      : record;
  }

  /** A page of a stream between two revisions, both included. */
  streamPage(
    head: StreamHead,
    range: { first: number; last: number; direction: Direction; limit: number },
  ): StreamEntry[] {
    if (head.key === null || range.first > range.last) return [];
    const statement = range.direction === 'forwards' ? this.streamForwards : this.streamBackwards;
    const page: StreamEntry[] = [];
    let bytes = 0;
    for (const row of rowsOf(statement.iterate(head.key, range.first, range.last, range.limit))) {
      const record = blobAt(row, 2);
      page.push({ revision: Number(row[0]), position: Number(row[1]), record });
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
    const [row] = rowsOf(this.recordAt.iterate(position));
    return row === undefined ? Buffer.alloc(0) : blobAt(row, 0);
  }

  positionAt(head: StreamHead, revision: number): number | undefined {
    if (head.key === null) return undefined;
    const [row] = rowsOf(this.positionOf.iterate(head.key, revision));
    return row === undefined ? undefined : Number(row[0]);
  }

  private recordOfStream(head: StreamHead, revision: number): Buffer | undefined {
    if (head.key === null) return undefined;
    const [row] = rowsOf(this.recordOf.iterate(head.key, revision));
    return row === undefined ? undefined : blobAt(row, 0);
  }
}

/** `setReturnArrays` makes rows arrays, which the type declarations do not know. */
function* rowsOf(rows: Iterable<unknown>): Generator<Row> {
  for (const row of rows) if (Array.isArray(row)) yield row;
}
