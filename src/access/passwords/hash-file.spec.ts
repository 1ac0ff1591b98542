import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from './breached-passwords.js';
import { HashFile } from './hash-file.js';

const LINES = 5_000;
const known = Array.from({ length: LINES }, (_, at) => digestOf(`known ${at}`)).sort();

describe('looking a password up in a file of hashes', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hashes-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  const fileOf = async (content: string): Promise<HashFile> => {
    const path = join(folder, 'hashes.txt');
    await writeFile(path, content);
    return new HashFile(path);
  };
  // Counts of every length, so that lines have several.
  const lines = (breakBy: string, ...ending: string[]) =>
    known.map((hash, at) => `${hash}:${10 ** (at % 10)}`).join(breakBy) + ending.join('');

  it.each([
    ['LF', lines('\n', '\n')],
    ['LF and none at the end', lines('\n')],
    ['CRLF', lines('\r\n', '\r\n')],
    ['CRLF and none at the end', lines('\r\n')],
    ['small letters and no counts', known.join('\n').toLowerCase()],
  ])('finds each of thousands and nothing else, with %s', async (_, content) => {
    const file = await fileOf(content);
    const chosen = [
      ...known.slice(0, 3),
      ...known.slice(-3),
      ...known.filter((__, at) => at % 97 === 0),
    ];
    for (const hash of chosen) expect([hash, await file.has(hash)]).toEqual([hash, true]);
    const missing = Array.from({ length: 50 }, (__, at) => digestOf(`missing ${at}`));
    for (const hash of ['0'.repeat(40), 'F'.repeat(40), ...missing]) {
      expect([hash, await file.has(hash)]).toEqual([hash, false]);
    }
  });

  it('finds the only one there is', async () => {
    const [only = ''] = known;
    const file = await fileOf(`${only}:3`);
    expect(await file.has(only)).toBe(true);
    expect(await file.has(digestOf('another'))).toBe(false);
  });

  it('reads a file that was exchanged', async () => {
    const file = await fileOf(`${digestOf('one')}:1\n`);
    expect(await file.has(digestOf('two'))).toBe(false);
    await fileOf(`${digestOf('two')}:1\n`);
    expect(await file.has(digestOf('two'))).toBe(true);
  });

  it.each([
    ['an empty file', ''],
    ['passwords in clear', 'one\ntwo\nthree\n'],
    ['hashes of another kind', `${'A'.repeat(32)}:5\n`],
    ['a page without lines', 'x'.repeat(10_000)],
  ])('says that %s is no such list', async (_, content) => {
    const file = await fileOf(content);
    await expect(file.has(digestOf('one'))).rejects.toThrow(/file/);
  });

  it('says that a file is not there, without its address', async () => {
    const file = new HashFile(join(folder, 'nowhere'));
    await expect(file.has(digestOf('one'))).rejects.toThrow(
      'the file of hashes cannot be read (ENOENT)',
    );
  });
});
