import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { repositoryRoot } from './cruise.js';

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

interface Promised {
  readonly number: string;
  readonly tests: string;
  readonly faults: string;
  readonly shows: string;
}

const promises: readonly Promised[] = read('docs/guarantees.md')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [number = '', , tests = '', faults = '', shows = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return { number, tests, faults, shows };
  });

const quotedIn = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, quoted = '']) => quoted);

describe('keeping the evidence of every promise', () => {
  it('has each of the twelve, once', () => {
    expect(promises.map(({ number }) => number)).toEqual(
      Array.from({ length: 12 }, (_, at) => String(at + 1)),
    );
  });

  it('names a test, a run that breaks things and a figure for each, or says that it is not there yet', () => {
    const bare = promises.filter(
      ({ tests, faults, shows }) =>
        !tests.startsWith('not yet') &&
        (quotedIn(tests).length === 0 || faults === '' || quotedIn(shows).length === 0),
    );

    expect(bare).toEqual([]);
    expect(promises.filter(({ tests }) => tests.startsWith('not yet'))).toEqual([]);
  });

  it('names only tests and scripts that exist, and tests that hold something', () => {
    const files = promises.flatMap(({ tests, faults }) => quotedIn(`${tests} ${faults}`));
    const missing = files.filter((path) => !existsSync(join(repositoryRoot, path)));
    const empty = files.filter(
      (path) =>
        !missing.includes(path) &&
        path.endsWith('.spec.ts') &&
        !/\bexpect|then[A-Z]/.test(read(path)),
    );

    expect({ missing, empty }).toEqual({ missing: [], empty: [] });
  });

  it('names only metrics that are exported and commands that there are', () => {
    const exported = new Set(new Metrics().registry.getMetricsAsArray().map(({ name }) => name));
    const commands = [...read('src/cli/tasks.ts').matchAll(/name: '([^']+)'/g)].map(
      ([, name = '']) => name,
    );
    const unknown = promises
      .flatMap(({ shows }) => quotedIn(shows))
      .filter((quoted) => {
        const command = /^npm run cli -- (.+)$/.exec(quoted)?.[1];
        return command === undefined ? !exported.has(quoted) : !commands.includes(command);
      });

    expect(unknown).toEqual([]);
  });
});
