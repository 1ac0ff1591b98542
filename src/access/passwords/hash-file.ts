import { open, type FileHandle } from 'node:fs/promises';
import {
  HashesUnavailable,
  codeOf,
  type BreachedHashes,
  type PasswordDigest,
} from './breached-hashes.js';

// A hash of 40 digits, a colon, a count of at most ten and a line break; anything longer is another kind of file.
const LONGEST_LINE = 64;
const LINE = /^([0-9A-F]{40})(?::\d{1,10})?\r?$/i;
const LINE_BREAK = 0x0a;

interface Line {
  readonly text: string;
  /** Where it begins and where the next one does, in bytes. */
  readonly from: number;
  readonly to: number;
}

/**
 * Hashes in a sorted file of lines, found by halving: it has tens of gigabytes, and a look-up reads some thirty
 * stretches of it. Opened anew each time, so that an exchanged file is used at once.
 */
export class HashFile implements BreachedHashes {
  constructor(private readonly path: string) {}

  async has(digest: PasswordDigest): Promise<boolean> {
    let file: FileHandle | null = null;
    try {
      file = await open(this.path, 'r');
      return await search(file, digest);
    } catch (error) {
      if (error instanceof HashesUnavailable) throw error;
      throw new HashesUnavailable(`the file of hashes cannot be read (${codeOf(error)})`);
    } finally {
      await file?.close();
    }
  }
}

async function search(file: FileHandle, digest: PasswordDigest): Promise<boolean> {
  let [low, high] = [0, (await file.stat()).size];
  if (high === 0) throw new HashesUnavailable('the file of hashes is empty');
  while (low < high) {
    const line = await lineAt(file, Math.floor((low + high) / 2));
    const hash = LINE.exec(line.text)?.[1]?.toUpperCase();
    if (hash === undefined) throw new HashesUnavailable('the file holds a line that is no hash');
    if (hash === digest) return true;
    if (hash < digest) low = line.to;
    else high = line.from;
  }
  return false;
}

/** The line that a byte lies in. */
async function lineAt(file: FileHandle, position: number): Promise<Line> {
  const start = Math.max(0, position - LONGEST_LINE);
  const buffer = Buffer.alloc(2 * LONGEST_LINE);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  const read = buffer.subarray(0, bytesRead);
  const at = position - start;
  // Its own line break belongs to a line, so the search back begins before it.
  const before = at === 0 ? -1 : read.lastIndexOf(LINE_BREAK, at - 1);
  const after = read.indexOf(LINE_BREAK, at);
  const [from, end] = [before + 1, after === -1 ? bytesRead : after];
  const text = read.toString('latin1', from, end);
  return { text, from: start + from, to: start + end + 1 };
}
