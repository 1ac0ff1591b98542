import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { eventSchemaPages } from '../../scripts/event-schemas/event-schema-pages.js';
import { repositoryRoot } from './cruise.js';

const written = join(repositoryRoot, 'docs/events');
const golden = join(repositoryRoot, 'test/fixtures/events');
const pages = new Map(eventSchemaPages());
const stored = readdirSync(golden).map((file) => file.replace(/\.json$/, ''));

const textIn = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');
const schemaOf = (storedAs: string): z.ZodType =>
  z.fromJSONSchema(JSON.parse(pages.get(`${storedAs}.schema.json`) ?? 'null'));
const dataOf = (storedAs: string): Record<string, unknown> =>
  (JSON.parse(textIn(golden, `${storedAs}.json`)) as { data: Record<string, unknown> }).data;

describe('describing stored events', () => {
  it('has a schema for each version that was ever stored, and for no other', () => {
    expect([...pages.keys()].sort()).toEqual(
      [...stored.map((name) => `${name}.schema.json`), 'README.md'].sort(),
    );
  });

  it.each([...pages.keys()])('keeps docs/events/%s fresh', (file) => {
    // Out of date: npm run generate:event-schemas.
    expect(textIn(written, file)).toBe(pages.get(file));
  });

  it('keeps no page of what is gone', () => {
    expect(readdirSync(written).sort()).toEqual([...pages.keys()].sort());
  });

  it.each(stored)(
    'fits the golden %s, and nothing that lacks a field or has one more',
    (storedAs) => {
      const schema = schemaOf(storedAs);
      const data = dataOf(storedAs);
      const [field = ''] = Object.keys(data);
      const { [field]: _, ...less } = data;

      expect(schema.safeParse(data).error?.issues ?? []).toEqual([]);
      expect(schema.safeParse(less).success).toBe(false);
      expect(schema.safeParse({ ...data, surplus: 1 }).success).toBe(false);
    },
  );
});
