import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { BANS } from './banned-words.js';
import { COMMENT_BANS } from './comment-bans.js';
import { filesUnder, isProduction, isSpec, sourceFiles, type SourceFile } from './source-files.js';
import { codeOf, commentsOf, functionSizes, titlesOf, undocumented } from './syntax.js';

const files = sourceFiles();
// This folder holds the forbidden words as samples.
const judged = files.filter(({ path }) => !path.startsWith('test/architecture/'));
const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

// Tables are as long as what they list; migrations are never edited again.
const isTable = (path: string): boolean =>
  /\.(codes|cases|schema)\.ts$|\/metrics\/metrics\.ts$|\/migrations\//.test(path);
const fileLimit = ({ path }: SourceFile): number =>
  isSpec(path) || path.endsWith('.contract.ts') ? 600 : 300;
const FUNCTION_LIMIT = 70;

const isSuite = (path: string): boolean => isSpec(path) || path.endsWith('.contract.ts');
const sizes = judged.filter(({ path }) => !isSuite(path)).flatMap(functionSizes);
const largest = <T extends { lines: number }>(all: readonly T[]): T[] =>
  all.toSorted((a, b) => b.lines - a.lines).slice(0, 10);

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;

describe('keeping files and functions small', () => {
  afterAll(() => {
    const lengths = files.filter(({ path }) => isProduction(path)).map(({ lines }) => lines);
    const rows = [
      `src: ${lengths.length} files, median ${percentile(lengths, 0.5)} lines, p90 ${percentile(lengths, 0.9)}`,
      'The ten largest files:',
      ...largest(files).map(({ path, lines }) => `  ${String(lines).padStart(4)} ${path}`),
      'The ten largest functions:',
      ...largest(sizes).map(({ key, lines }) => `  ${String(lines).padStart(4)} ${key}`),
    ];
    process.stdout.write(`${rows.join('\n')}\n`);
  });

  it('keeps every file under its limit', () => {
    const tooLong = files
      .filter((file) => !isTable(file.path) && file.lines > fileLimit(file))
      .map(({ path, lines }) => `${path}: ${lines} lines; split it by meaning`);

    expect(tooLong).toEqual([]);
  });

  it('keeps every function under its limit, or under what it was', () => {
    const ratchet = JSON.parse(
      readFileSync(resolve(import.meta.dirname, 'large-functions.json'), 'utf8'),
    ) as Record<string, number>;
    const tooLong = sizes
      .filter(({ key, lines }) => lines > (ratchet[key] ?? FUNCTION_LIMIT))
      .map(({ key, lines }) => `${key}: ${lines} lines`);
    const outgrown = Object.entries(ratchet)
      .filter(([key, was]) => !sizes.some((size) => size.key === key && size.lines === was))
      .map(([key]) => `${key}: no longer so long; lower or remove its entry`);

    expect([...tooLong, ...outgrown]).toEqual([]);
  });
});

describe('banning words', () => {
  it.each(BANS)('catches $bad and lets $good pass', ({ pattern, bad, good }) => {
    expect([pattern.test(bad), pattern.test(good)]).toEqual([true, false]);
  });

  it('finds none in the tree', () => {
    const found = judged.flatMap((file) => {
      const code = codeOf(file);
      return BANS.filter(({ where }) => where(file.path)).flatMap(({ pattern, instead }) => {
        const match = pattern.exec(code);
        if (match === null) return [];
        return [`${file.path}:${lineAt(code, match.index)}: ${match[0]} - write ${instead}`];
      });
    });

    expect(found).toEqual([]);
  });
});

describe('banning kinds of comment', () => {
  it.each(COMMENT_BANS)('catches $bad and lets $good pass', ({ pattern, bad, good }) => {
    expect([pattern.test(bad), pattern.test(good)]).toEqual([true, false]);
  });

  it('finds none in the tree', () => {
    const found = judged.flatMap((file) =>
      commentsOf(file).flatMap(({ line, words }) =>
        COMMENT_BANS.filter(({ pattern }) => pattern.test(words)).map(
          ({ instead }) => `${file.path}:${line}: "${words.slice(0, 60)}" - write ${instead}`,
        ),
      ),
    );

    expect(found).toEqual([]);
  });
});

describe('naming files', () => {
  // `index` alone is a barrel; an index of something has a name.
  const BANNED_NAME =
    /^index$|(^|[-.])(utils?|helpers?|common|manager|service|base|data|info)(?=[-.]|$)/;
  // gRPC's own word for what the stand-in node serves; migrations are named after what they make.
  const ALLOWED =
    /^src\/stand-ins\/event-store-node\/.+\.service\.ts$|^src\/platform\/database\/migrations\//;
  const parts = (path: string) =>
    path
      // Words of the product: what payers tell about themselves, and the keys it is sealed with.
      .replaceAll(/personal-data|data-key/g, '')
      .replace(/\.\w+$/, '')
      .split('/')
      .slice(1);

  it('keeps to kebab-case', () => {
    const odd = files.filter(({ name }) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name));

    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it('uses no word that says nothing', () => {
    const vague = files
      .filter(({ path }) => !ALLOWED.test(path))
      .filter(({ path }) => parts(path).some((part) => BANNED_NAME.test(part)))
      .map(({ path }) => `${path}: name what it does; there are no barrels and no drawers`);

    expect(vague).toEqual([]);
  });
});

describe('documenting what others rely on', () => {
  it('has TSDoc on abstract classes, events, commands, queries and kernel functions', () => {
    const missing = judged
      .filter(({ path }) => isProduction(path))
      .flatMap((file) => [
        ...undocumented(file, 'abstract class'),
        ...(/\.(command|query)\.ts$/.test(file.name) ? undocumented(file, 'class') : []),
        ...(file.path.startsWith('src/kernel/') ? undocumented(file, 'function') : []),
        ...(file.name.endsWith('.event.ts') ? undocumented(file, 'interface') : []),
      ]);

    expect([...new Set(missing)]).toEqual([]);
  });
});

describe('naming tests', () => {
  const specs = judged.filter(({ path }) => isSuite(path));
  // A contract is about whoever is held to it, and names him.
  const behaviours = specs.filter(({ path }) => !path.includes('.contract.'));

  it('says what is being done in the outermost describe', () => {
    const odd = behaviours.flatMap((file) =>
      titlesOf(file, 'describe')
        .filter(({ nested, title }) => !nested && !/^(\S+ ){0,2}?\S*ing\b/.test(title))
        .map(({ line, title }) => `${file.path}:${line}: "${title}" - begin with a gerund`),
    );

    expect(odd).toEqual([]);
  });

  it('states a fact in every it', () => {
    const odd = specs.flatMap((file) =>
      titlesOf(file, 'it', 'test')
        .filter(({ title }) => /\bshould\b/i.test(title))
        .map(
          ({ line, title }) => `${file.path}:${line}: "${title}" - say what is, not what should be`,
        ),
    );

    expect(odd).toEqual([]);
  });
});

describe('clearing out fixtures', () => {
  it('has no fixture that nothing reads', () => {
    const texts = files.map(({ text }) => text).join('\n');
    const unread = filesUnder('test/fixtures', 'samples').filter((path) => {
      const name = basename(path);
      const stem = name.replace(/\.\w+$/, '');
      const folder = dirname(path).replace(/^test\//, '');
      return ![name, `'${stem}'`, `${folder}'`, `${folder}/`].some((word) => texts.includes(word));
    });

    expect(unread).toEqual([]);
  });
});
