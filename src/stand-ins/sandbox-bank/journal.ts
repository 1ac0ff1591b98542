import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** One answered call, as counted and remembered. */
export interface Call {
  /** RFC 3339, by the machine's clock at arrival. */
  readonly at: string;
  readonly operation: string;
  readonly status: number;
  readonly breach: boolean;
  /** The digits asked about, when there were any. */
  readonly reference: string | null;
  /** The injected or row scenario that spoilt the answer. */
  readonly scenario: string | null;
}

/** What the bank remembers, one JSON object a line. */
export type JournalEntry =
  | { readonly movement: unknown }
  /** The id of a movement that the second bank marked when it was asked. */
  | { readonly reconciled: string }
  | { readonly call: Call }
  | { readonly clock_offset_ms: number }
  | { readonly anchor_on: string };

/** An append-only file; movements are on disk when `append` returns. Without a directory nothing is kept. */
export class Journal {
  private constructor(private readonly file: number | null) {}

  /** Opens the journal and reads what it holds; a last line that was cut short is dropped. */
  static open(directory: string | undefined): { journal: Journal; entries: JournalEntry[] } {
    if (directory === undefined) return { journal: new Journal(null), entries: [] };
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, 'journal.jsonl');
    const file = openSync(path, 'a+', 0o600);
    const content = readFileSync(path);
    const whole = content.lastIndexOf('\n') + 1;
    if (whole < content.length) ftruncateSync(file, whole);
    const lines = content.subarray(0, whole).toString('utf8').split('\n').filter(Boolean);
    return {
      journal: new Journal(file),
      entries: lines.map((line) => JSON.parse(line) as JournalEntry),
    };
  }

  append(entries: readonly JournalEntry[], options: { readonly sync: boolean }): void {
    if (this.file === null || entries.length === 0) return;
    writeSync(this.file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    if (options.sync) fsyncSync(this.file);
  }

  /** Forgets everything. */
  clear(): void {
    if (this.file === null) return;
    ftruncateSync(this.file, 0);
    fsyncSync(this.file);
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
  }
}
