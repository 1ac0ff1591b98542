import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { collectDefaultMetrics } from 'prom-client';
import { TASKS } from '../../src/cli/tasks.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { repositoryRoot } from './cruise.js';

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const filesUnder = (...folders: readonly string[]): string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(repositoryRoot, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(repositoryRoot.length + 1)),
  );

// Decisions are of their day, and what they name may have gone since.
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...filesUnder('docs').filter((path) => path.endsWith('.md') && !path.includes('/decisions/')),
].map((path) => ({ path, text: read(path) }));

interface Named {
  readonly page: string;
  readonly name: string;
}

/** What a pattern's first group finds in every page. */
const named = (pattern: RegExp): Named[] =>
  pages.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(([, name = '']) => ({ page: path, name })),
  );
const told = (found: readonly Named[]): string[] =>
  found.map(({ page, name }) => `${page}: ${name}`);

/** A call of the command line: everything after `cli --`, to the end of its line, its quotes or a comment. */
const CALL = /\bcli -- ([^`\n#|)]+)/g;
const taskOf = (call: string) =>
  TASKS.find(({ name }) => call.trim() === name || call.startsWith(`${name} `));

describe('naming in pages what there is', () => {
  it('names scripts of package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const found = named(/\bnpm run (?:(?:--silent|-s) )?([\w:-]+)/g);

    expect(found.length).toBeGreaterThan(50);
    expect(told(found.filter(({ name }) => !(name in scripts)))).toEqual([]);
  });

  it('names commands of the command line, with options that they have', async () => {
    const wrong: Named[] = [];
    const calls = named(CALL).filter(({ name }) => !name.startsWith('…'));
    for (const { page, name: call } of calls) {
      const task = taskOf(call);
      if (task === undefined) wrong.push({ page, name: call });
      const { options = {} } = (await task?.load()) ?? {};
      for (const [, option = ''] of call.matchAll(/--([a-z-]+)/g)) {
        if (!(option in options)) wrong.push({ page, name: `${call}: --${option}` });
      }
    }

    expect(calls.length).toBeGreaterThan(40);
    expect(told(wrong)).toEqual([]);
  });

  it('names metrics that are exported', () => {
    const { registry } = new Metrics();
    collectDefaultMetrics({ register: registry });
    const exported = registry.getMetricsAsArray().map(({ name }) => name);
    const found = named(/\b((?:payments|banesco|http|auth|nodejs)_[a-z]+_[a-z_]+[a-z])\b/g);
    const isExported = (name: string): boolean =>
      exported.some((metric) => name.replace(/_(bucket|sum|count)$/, '') === metric);

    expect(found.length).toBeGreaterThan(20);
    expect(told(found.filter(({ name }) => !isExported(name)))).toEqual([]);
  });

  it('names variables that something reads', () => {
    const readers = filesUnder('src', 'deploy', 'scripts', 'terraform', '.github', '.ci', 'test')
      .filter((path) => !/node_modules|\.terraform\//.test(path))
      .concat(['docker-compose.yml', 'docker-compose.prod.yml', 'Makefile', 'Dockerfile']);
    const known = new Set(
      readers.flatMap((path) => read(path).match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []),
    );
    const found = named(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g);

    expect(found.length).toBeGreaterThan(150);
    expect(told(found.filter(({ name }) => !known.has(name)))).toEqual([]);
  });

  it('names files that are there', () => {
    const found = named(
      /`(?:bash )?((?:docs|scripts|deploy|src|test|monitoring|terraform|bench|samples|clients|\.github)\/[\w./-]+)`/g,
    );

    expect(found.length).toBeGreaterThan(150);
    expect(told(found.filter(({ name }) => !existsSync(join(repositoryRoot, name))))).toEqual([]);
  });

  it('leads to pages and sections that are there', () => {
    const sectionsOf = (path: string): string[] =>
      [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      );
    const lost = named(/\]\(((?!https?:)[^)\s]+)\)/g).filter(({ page, name }) => {
      const [path = '', section] = name.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(repositoryRoot, target))) return true;
      return section !== undefined && !sectionsOf(target).includes(section);
    });

    expect(told(lost)).toEqual([]);
  });
});
