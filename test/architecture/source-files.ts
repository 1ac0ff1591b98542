import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { repositoryRoot } from './cruise.js';

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly name: string;
  readonly text: string;
  readonly lines: number;
}

const SKIPPED =
  /(^|\/)(node_modules|dist|coverage|\.data)(\/|$)|^test\/architecture\/fixtures(\/|$)/;

function* walk(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (SKIPPED.test(relative(repositoryRoot, path).replaceAll('\\', '/'))) continue;
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

/** Every file under the folders named, as paths from the root. */
export const filesUnder = (...folders: readonly string[]): string[] =>
  folders
    .map((folder) => join(repositoryRoot, folder))
    .filter((directory) => existsSync(directory))
    .flatMap((directory) => [...walk(directory)])
    .map((path) => relative(repositoryRoot, path).replaceAll('\\', '/'))
    .toSorted();

const read = (path: string): SourceFile => {
  const text = readFileSync(join(repositoryRoot, path), 'utf8');
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return { path, name: basename(path), text, lines };
};

/** The TypeScript and JavaScript that people wrote. */
export const sourceFiles = (): SourceFile[] =>
  filesUnder('src', 'test', 'bench')
    .filter((path) => /\.(ts|mts|mjs|cjs)$/.test(path))
    .map(read);

export const isSpec = (path: string): boolean => path.endsWith('.spec.ts');
export const isProduction = (path: string): boolean => path.startsWith('src/') && !isSpec(path);
