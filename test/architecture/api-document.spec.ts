import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { breakingChanges, type ApiDescription } from '../../scripts/api-differences.js';
import { committedDocument } from '../../src/cli/api-document.task.js';

const FILE = resolve(import.meta.dirname, '../../docs/api/openapi.json');

describe('keeping the document of the API current', () => {
  it('is what the code says; npm run generate:api writes it', async () => {
    expect(readFileSync(FILE, 'utf8')).toBe(await committedDocument());
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
