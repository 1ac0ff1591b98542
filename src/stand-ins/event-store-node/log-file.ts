import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Thrown when the node cannot serve its folder or its port; the message is meant for a person. */
export class CannotStart extends Error {
  override name = 'CannotStart';
}

/** Thrown when an append found no room; nothing of it was kept. */
export class DiskFull extends Error {
  override name = 'DiskFull';
}

/** SQLite's primary result codes. */
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS stream (
    key  INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE IF NOT EXISTS event (
    position INTEGER PRIMARY KEY,
    stream   INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    type     TEXT NOT NULL,
    record   BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS event_of_stream ON event (stream, revision);
`;

const resultCodeOf = (error: unknown): number | null =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : null;

/** Opens the log in a folder, alone. @throws CannotStart when another process has it open */
export function openLogFile(directory: string, maxPages?: number): DatabaseSync {
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, 'events.sqlite'));
  try {
    // The order matters: an exclusive lock taken before WAL keeps the WAL's index in this process's memory.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    // FULL makes every commit wait for the disk: only then may an append be acknowledged.
    database.exec('PRAGMA synchronous = FULL');
    database.exec('PRAGMA cache_size = -32000');
    // Fewer, larger checkpoints: the same pages of the index are then written to the file once, not each time.
    database.exec('PRAGMA wal_autocheckpoint = 4000');
    if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
    database.exec(SCHEMA);
    // A write takes the lock at once, so that a second process is refused here and not at its first append.
    database.exec('BEGIN IMMEDIATE; COMMIT');
    return database;
  } catch (error) {
    database.close();
    if (resultCodeOf(error) !== SQLITE_BUSY) throw error;
    throw new CannotStart(`The folder ${directory} is in use by another event-store node.`, {
      cause: error,
    });
  }
}

/** Runs the work in one transaction; it is on disk when this returns, or undone when it throws. @throws DiskFull */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back by itself after some errors, a full disk among them.
    if (database.isTransaction) database.exec('ROLLBACK');
    if (resultCodeOf(error) !== SQLITE_FULL) throw error;
    throw new DiskFull('The disk is full: the append was not kept.', { cause: error });
  }
}
