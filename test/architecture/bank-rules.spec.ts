import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './cruise.js';

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

interface Rule {
  readonly rule: string;
  readonly known: string;
  readonly code: string;
  readonly shownBy: string;
  readonly setting: string;
}

const rules: readonly Rule[] = read('docs/banks/rules.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (rule |-)/.test(line))
  .map((line) => {
    const [rule = '', known = '', code = '', shownBy = '', setting = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return { rule, known, code, shownBy, setting };
  });

const named = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, it = '']) => it);

/** The files of a cell, each with the titles that are quoted behind it. */
const titled = (cell: string): readonly (readonly [string, readonly string[]])[] =>
  [...cell.matchAll(/`([^`]+)`((?:,? "[^"]+")*)/g)].map(([, path = '', titles = '']) => [
    path,
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
  ]);

describe('keeping the rules of the banks', () => {
  it('says of each how well it is known, where it is kept and what shows it', () => {
    const bare = rules.filter(
      ({ known, code, shownBy }) =>
        !['said', 'checked', 'guessed', 'disputed'].includes(known) ||
        named(code).length === 0 ||
        titled(shownBy).length === 0,
    );

    expect(bare).toEqual([]);
    expect(rules.length).toBeGreaterThan(70);
  });

  it('makes everything disputed a setting', () => {
    expect(rules.filter(({ known, setting }) => known === 'disputed' && setting === '')).toEqual(
      [],
    );
  });

  it('names only files that exist, and tests that are in them', () => {
    const files = rules.flatMap(({ code, shownBy }) => [
      ...named(code),
      ...titled(shownBy).map(([path]) => path),
    ]);
    const missing = files.filter((path) => !existsSync(join(repositoryRoot, path)));
    const untitled = rules
      .flatMap(({ shownBy }) => titled(shownBy))
      .filter(([path, titles]) => titles.length === 0 || missing.includes(path));
    const unknown = rules
      .flatMap(({ shownBy }) => titled(shownBy))
      .filter(([path]) => !missing.includes(path))
      .flatMap(([path, titles]) => titles.filter((title) => !read(path).includes(title)));

    expect({ missing, untitled, unknown }).toEqual({ missing: [], untitled: [], unknown: [] });
  });

  it('names only settings that there are', () => {
    const known = new Set(named(read('docs/configuration.md')));
    const unknown = rules
      .flatMap(({ setting }) => named(setting))
      .filter((name) => !known.has(name));

    expect(unknown).toEqual([]);
  });
});
