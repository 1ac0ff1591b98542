import { STATUS_CODES } from 'node:http';
import { ProblemCatalog } from './problem-catalog.js';

const entry = { status: 409, title: 'Taken', detail: 'It is taken.' };

describe('keeping the list of problem codes', () => {
  it('knows every code of the platform from the start', () => {
    expect(new ProblemCatalog().find('internal_error')).toMatchObject({ status: 500 });
  });

  it('adds the codes of a context', () => {
    const catalog = new ProblemCatalog();
    catalog.register({ duplicate_reference: entry });
    expect(catalog.find('duplicate_reference')).toBe(entry);
  });

  it('refuses a code that is taken', () => {
    expect(() => new ProblemCatalog().register({ not_found: entry })).toThrow('registered twice');
  });

  it.each(['NotFound', 'ab', '9lives', 'a-b', 'x'.repeat(65)])(
    'refuses the spelling %s',
    (code) => {
      expect(() => new ProblemCatalog().register({ [code]: entry })).toThrow('not snake_case');
    },
  );

  it.each([200, 302, 399, 600])('refuses the status %d', (status) => {
    const catalog = new ProblemCatalog();
    expect(() => catalog.register({ odd_one: { ...entry, status } })).toThrow('no error status');
  });

  it('lists the codes in order, each with a status that HTTP has and words that end', () => {
    const all = new ProblemCatalog().all();
    expect(all.map(([code]) => code)).toEqual(all.map(([code]) => code).sort());
    for (const [, { status, title, detail }] of all) {
      expect(Object.keys(STATUS_CODES)).toContain(String(status));
      expect(title).not.toMatch(/\.$/);
      expect(typeof detail === 'string' ? detail : detail({})).toMatch(/\.$/);
    }
  });
});
