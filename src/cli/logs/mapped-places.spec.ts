import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MappedPlaces } from './mapped-places.js';

let folder: string;
let places: MappedPlaces;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maps-'));
  await mkdir(join(folder, 'service'));
  // Its second line comes from the third of the source, its fourth column from the seventh.
  const map = { version: 3, sources: ['../../src/a/b.ts'], names: [], mappings: ';AAEA,GAAM' };
  await writeFile(join(folder, 'service', 'main.js.map'), JSON.stringify(map));
  places = new MappedPlaces(folder);
});

afterAll(() => rm(folder, { recursive: true }));

describe('finding the sources of built places', () => {
  it('names line and column of the source in a stack trace', async () => {
    expect(await places.in('    at run (file:///app/dist/service/main.js:2:1)')).toBe(
      '    at run (src/a/b.ts:3:1)',
    );
  });

  it('maps each place of a line of JSON, whose stack is one string', async () => {
    const stack =
      'Error: no\n    at a (/app/dist/service/main.js:2:1)\n    at file:///app/dist/service/main.js:2:4';
    expect(JSON.parse(await places.in(JSON.stringify({ stack })))).toEqual({
      stack: 'Error: no\n    at a (src/a/b.ts:3:1)\n    at src/a/b.ts:3:7',
    });
  });

  it('leaves what no map tells of, and every other word', async () => {
    const lines = [
      'at x (file:///app/dist/service/other.js:2:1)',
      'at x (file:///app/dist/service/main.js:1:1)',
      'at node:internal/timers:685:17',
      'nothing of the kind',
    ].join('\n');
    expect(await places.in(lines)).toBe(lines);
  });
});
