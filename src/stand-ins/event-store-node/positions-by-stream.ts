import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { RecentMap } from '../../kernel/recent-map.js';
import { type Direction, type RevisionRange } from './revision-range.js';
import { inTransaction, isDamaged, openDatabase } from './log-file.js';
import { numberRows } from './sqlite-rows.js';
import { describedBy } from './stream-metadata.js';

const FILE = 'streams.sqlite';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS stream (
    key  INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE IF NOT EXISTS entry (
    stream   INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (stream, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS progress (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    position INTEGER NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO progress VALUES (1, -1);
`;

/** Where an event of a stream stands in the log. */
export interface IndexEntry {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
}

/** Entries gathered before they are written: together they share most of the pages they touch. */
const GATHERED = 1024;

/** With no room on the disk for more entries there must be none for more events either. */
const GATHERED_AT_MOST = 65_536;

/** Few streams are described; with more than so many names of metastreams they are looked up like any other. */
const METASTREAMS_KEPT = 10_000;

/** Looking a key up costs as much as writing an entry. */
const KEYS_KEPT = 50_000;

/**
 * Which events belong to which stream. Derived from the log, so no append waits for it: entries are written
 * in batches without waiting for the disk, and what a crash takes is read from the log again.
 */
export class PositionsByStream {
  private gathered: IndexEntry[] = [];
  private readonly streamsGathered = new Set<string>();
  private readonly keys = new RecentMap<string, number>(KEYS_KEPT);
  /** At least every metastream there is; null when they are too many. */
  private metastreams: Set<string> | null;
  private readonly selectKey: StatementSync;
  private readonly insertStream: StatementSync;
  private readonly insertEntry: StatementSync;
  private readonly saveProgress: StatementSync;
  private readonly selectLast: StatementSync;
  private readonly selectForwards: StatementSync;
  private readonly selectBackwards: StatementSync;

  static open(directory: string): PositionsByStream {
    try {
      return new PositionsByStream(openIndex(directory));
    } catch (error) {
      if (!isDamaged(error)) throw error;
      // Nothing is lost with it: the whole of it is made again from the log.
      for (const suffix of ['', '-wal', '-shm']) {
        rmSync(join(directory, `${FILE}${suffix}`), { force: true });
      }
      return new PositionsByStream(openIndex(directory));
    }
  }

  private constructor(private readonly database: DatabaseSync) {
    this.selectKey = database.prepare('SELECT key FROM stream WHERE name = ?');
    this.insertStream = database.prepare('INSERT INTO stream (name) VALUES (?)');
    this.insertEntry = database.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?, ?)');
    this.saveProgress = database.prepare('UPDATE progress SET position = ?');
    this.selectLast = database.prepare(
      'SELECT revision FROM entry WHERE stream = ? ORDER BY revision DESC LIMIT 2',
    );
    const ofRange = 'SELECT revision, position FROM entry WHERE stream = ? AND revision';
    this.selectForwards = database.prepare(`${ofRange} BETWEEN ? AND ? ORDER BY revision LIMIT ?`);
    this.selectBackwards = database.prepare(
      `${ofRange} BETWEEN ? AND ? ORDER BY revision DESC LIMIT ?`,
    );
    this.metastreams = storedMetastreams(database);
    for (const statement of [this.selectLast, this.selectForwards, this.selectBackwards]) {
      statement.setReturnArrays(true);
    }
  }

  /** The last position of the log that the file knows of. */
  get writtenUpTo(): number {
    return Number(this.database.prepare('SELECT position FROM progress').get()?.['position']);
  }

  get isFull(): boolean {
    return this.gathered.length >= GATHERED;
  }

  /** Writes what was gathered if it could not be written for long. @throws DiskFull */
  relieve(): void {
    if (this.gathered.length >= GATHERED_AT_MOST) this.flush();
  }

  add(entry: IndexEntry): void {
    this.gathered.push(entry);
    this.streamsGathered.add(entry.stream);
    if (this.metastreams === null || describedBy(entry.stream) === null) return;
    this.metastreams.add(entry.stream);
    if (this.metastreams.size > METASTREAMS_KEPT) this.metastreams = null;
  }

  /** False when there is no such metastream for certain: every append to a new stream asks. */
  mayHave(metastream: string): boolean {
    return this.metastreams?.has(metastream) ?? true;
  }

  /** Forgets what the log does not have: a transaction was undone, or its end was lost. */
  dropAfter(position: number): void {
    this.gathered = this.gathered.filter((entry) => entry.position <= position);
    this.streamsGathered.clear();
    for (const { stream } of this.gathered) this.streamsGathered.add(stream);
    if (this.writtenUpTo <= position) return;
    inTransaction(this.database, () => {
      this.database.prepare('DELETE FROM entry WHERE position > ?').run(position);
      this.saveProgress.run(position);
    });
  }

  /** Writes what was gathered. @throws DiskFull; it stays gathered */
  flush(): void {
    const last = this.gathered.at(-1);
    if (last === undefined) return;
    inTransaction(this.database, () => {
      for (const { stream, revision, position } of this.gathered) {
        this.insertEntry.run(this.keyOrNew(stream), revision, position);
      }
      this.saveProgress.run(last.position);
    });
    this.gathered = [];
    this.streamsGathered.clear();
  }

  /** The highest revisions of a stream, highest first, at most two. */
  lastRevisions(stream: string): number[] {
    const key = this.keyOf(stream);
    if (key === undefined) return [];
    return numberRows(this.selectLast.all(key)).map(([revision = 0]) => revision);
  }

  /** Where the events of a range stand. */
  positions(
    stream: string,
    range: RevisionRange & { readonly direction: Direction; readonly limit: number },
  ): { revision: number; position: number }[] {
    const key = this.keyOf(stream);
    if (key === undefined || range.first > range.last) return [];
    const select = range.direction === 'forwards' ? this.selectForwards : this.selectBackwards;
    return numberRows(select.all(key, range.first, range.last, range.limit)).map(
      ([revision = 0, position = 0]) => ({ revision, position }),
    );
  }

  positionAt(stream: string, revision: number): number | undefined {
    const range = { first: revision, last: revision, direction: 'forwards', limit: 1 } as const;
    return this.positions(stream, range)[0]?.position;
  }

  close(): void {
    this.flush();
    this.database.close();
  }

  /** Whoever asks about a stream gets what is gathered of it too. */
  private keyOf(stream: string): number | undefined {
    if (this.streamsGathered.has(stream)) this.flush();
    const known = this.keys.get(stream);
    if (known !== undefined) return known;
    const key = this.selectKey.get(stream)?.['key'];
    if (key === undefined) return undefined;
    return this.remember(stream, Number(key));
  }

  private keyOrNew(stream: string): number {
    const known = this.keys.get(stream) ?? this.selectKey.get(stream)?.['key'];
    const key = known ?? this.insertStream.run(stream).lastInsertRowid;
    return this.remember(stream, Number(key));
  }

  private remember(stream: string, key: number): number {
    this.keys.set(stream, key);
    return key;
  }
}

function storedMetastreams(database: DatabaseSync): Set<string> | null {
  const select = database.prepare(
    "SELECT name FROM stream WHERE name >= '$$' AND name < '$%' LIMIT ?",
  );
  const names = select.all(METASTREAMS_KEPT + 1).map(({ name }) => String(name));
  return names.length > METASTREAMS_KEPT ? null : new Set(names);
}

function openIndex(directory: string): DatabaseSync {
  const database = openDatabase(directory, FILE, 'NORMAL');
  try {
    database.exec(SCHEMA);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
