import { mkdirSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';

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
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** No index besides the positions: a commit then writes little more than its events. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS event (
    position INTEGER PRIMARY KEY,
    stream   TEXT NOT NULL,
    revision INTEGER NOT NULL,
    type     TEXT NOT NULL,
    record   BLOB NOT NULL
  ) STRICT;
`;

interface EventRow {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly record: Uint8Array;
}

// A millisecond or two, between which appends go on.
const ROWS_COPIED_AT_ONCE = 500;

const resultCodeOf = (error: unknown): number | null =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : null;

/** True when a file is not what SQLite wrote. */
export const isDamaged = (error: unknown): boolean =>
  [SQLITE_CORRUPT, SQLITE_NOTADB].includes(resultCodeOf(error) ?? 0);

/**
 * Opens one file of the folder for this process alone. FULL makes every commit wait for the disk; with
 * NORMAL a power cut may take the newest commits, never the order or the soundness of the file.
 * @throws CannotStart when another process has it open
 */
export function openDatabase(
  directory: string,
  file: string,
  synchronous: 'FULL' | 'NORMAL',
): DatabaseSync {
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, file));
  try {
    // The order matters: an exclusive lock taken before WAL keeps the WAL's index in this process's memory.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = ${synchronous}`);
    database.exec('PRAGMA cache_size = -16000');
    // Fewer, larger checkpoints: a page that changes often is then written to the file once, not each time.
    database.exec('PRAGMA wal_autocheckpoint = 4000');
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

/** Opens the log in a folder, alone. @throws CannotStart when another process has it open */
export function openLogFile(directory: string, maxPages?: number): DatabaseSync {
  const database = openDatabase(directory, 'events.sqlite', 'FULL');
  if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
  database.exec(SCHEMA);
  return database;
}

/**
 * Copies the log while it is written to, as it is at one instant; the file has its name once it is whole. Whatever else the
 * folder holds is made anew from it. Row by row, since rows are only ever added: SQLite's own backup runs on another
 * thread, and now and then takes what an append does meanwhile for a failure of its own.
 */
export async function copyLogFile(database: DatabaseSync, directory: string): Promise<void> {
  const partial = join(directory, 'copy.sqlite.partial');
  await rm(partial, { force: true });
  const copy = new DatabaseSync(partial);
  try {
    // Nobody reads it before it is whole, so it waits for the disk once, at the end.
    copy.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
    copy.exec(SCHEMA);
    await copyRows(database, copy);
  } finally {
    copy.close();
  }
  await onDisk(partial);
  await rename(partial, join(directory, 'copy.sqlite'));
}

async function onDisk(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function copyRows(database: DatabaseSync, copy: DatabaseSync): Promise<void> {
  const last = Number(database.prepare('SELECT max(position) AS last FROM event').get()?.['last']);
  const page = database.prepare(
    'SELECT position, stream, revision, type, record FROM event WHERE position > ? AND position <= ? ORDER BY position LIMIT ?',
  );
  const add = copy.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?)');
  let copied = -1;
  for (;;) {
    const rows = page.all(copied, last, ROWS_COPIED_AT_ONCE) as unknown as readonly EventRow[];
    if (rows.length === 0) return;
    inTransaction(copy, () => {
      for (const { position, stream, revision, type, record } of rows) {
        add.run(position, stream, revision, type, record);
        copied = position;
      }
    });
    await nextTurn();
  }
}

/** Runs the work in one transaction; it is kept when this returns, or undone when it throws. @throws DiskFull */
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
