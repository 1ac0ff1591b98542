import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { breakingChanges, type ApiDescription } from '../../scripts/api-differences.js';
import { committedDocument } from '../../src/cli/api-document.task.js';
import { DocumentedAnswers, type DescribedApi } from '../support/documented-answers.js';

const FILE = resolve(import.meta.dirname, '../../docs/api/openapi.json');

describe('keeping the document of the API current', () => {
  it('is what the code says; npm run generate:api writes it', async () => {
    expect(readFileSync(FILE, 'utf8')).toBe(await committedDocument());
  });
});

describe('showing what operations take and answer', () => {
  const answers = new DocumentedAnswers(JSON.parse(readFileSync(FILE, 'utf8')) as DescribedApi);
  const shown = [...answers.shown()];

  it('has an example for every body and every answer', () => {
    expect(shown.length).toBeGreaterThan(300);
    expect(shown.filter(({ examples }) => examples.length === 0)).toEqual([]);
  });

  it('shows only what its own schemas allow', () => {
    const wrong = shown.flatMap(({ where, media, examples }) =>
      examples.flatMap((example) => {
        const fault = answers.mismatch(media, example);
        return fault === null ? [] : [`${where}: ${fault}`];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

describe('finding what would break a client', () => {
  const published = (): ApiDescription => JSON.parse(readFileSync(FILE, 'utf8')) as ApiDescription;
  const SUBMIT = '/api/v1/merchants';

  it('finds nothing where nothing changed', () => {
    expect(breakingChanges(published(), published())).toEqual([]);
  });

  it('lets operations and fields come', () => {
    const older = published();
    const { [SUBMIT]: _, ...paths } = older.paths;
    expect(breakingChanges({ ...older, paths }, older)).toEqual([]);
  });

  /** The document with one text replaced, which must be there. */
  const bent = (path: readonly (string | number)[], change: (value: unknown) => unknown) => {
    const copy = structuredClone(published()) as unknown as Record<string, unknown>;
    const parent = path
      .slice(0, -1)
      .reduce<unknown>((inner, name) => Reflect.get(inner as object, name), copy) as object;
    const last = path.at(-1) ?? '';
    Reflect.set(parent, last, change(Reflect.get(parent, last)));
    return copy as unknown as ApiDescription;
  };
  const schema = (name: string, ...rest: readonly string[]) => [
    'components',
    'schemas',
    name,
    ...rest,
  ];

  it('takes named refusals for a range of them', () => {
    const ranged = (responses: Readonly<Record<string, object>>): ApiDescription => ({
      paths: { '/x': { get: { responses } } },
    });
    expect(breakingChanges(ranged({ '4XX': {} }), ranged({ '404': {} }))).toEqual([]);
    expect(breakingChanges(ranged({ '4XX': {} }), ranged({ '500': {} }))).toHaveLength(1);
  });

  it.each([
    [['paths', SUBMIT, 'post'], () => undefined, 'POST /api/v1/merchants: is gone'],
    [
      schema('RegisterMerchant', 'required'),
      () => ['name', 'match_days'],
      'POST /api/v1/merchants body: now demands match_days',
    ],
    [
      schema('Merchant', 'required'),
      (names: unknown) => (names as string[]).filter((name) => name !== 'suspended'),
      'no longer promises suspended',
    ],
    [
      schema('RegisterMerchant', 'properties', 'name', 'type'),
      () => 'integer',
      'POST /api/v1/merchants body/name: is no longer string',
    ],
    [
      ['paths', SUBMIT, 'post', 'responses', '201'],
      () => undefined,
      'POST /api/v1/merchants: no longer answers 201',
    ],
  ])('finds a change at %j', (path, change, expected) => {
    const changes = breakingChanges(published(), bent(path, change));
    expect(changes.join('\n')).toContain(expected);
  });
});
