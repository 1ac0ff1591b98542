import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './cruise.js';

/** The ids of the checklist: how many rows each of its tables has. */
const COUNTED: Readonly<Record<string, number>> = {
  'S3-D': 6,
  'S3-G': 4,
  'S3-S': 1,
  'S3-A': 4,
  'S3-P': 15,
  'S3-L': 4,
  'S3-H': 1,
  'S3-M': 2,
  'S3-C': 7,
  'S3-T': 5,
  'S3-I': 15,
  'S3-X': 4,
  'S0-': 17,
  'S1-': 18,
  'S2-': 14,
  'S4-': 13,
  'S4-R': 1,
};

const METRICS = [
  'http_requests_total',
  'http_request_duration_seconds',
  'http_requests_in_progress',
  'transactions_total',
  'transactions_in_progress',
  'transaction_amount_sum',
  'banesco_api_calls_total',
  'banesco_api_duration_seconds',
  'banesco_api_errors_total',
  'banesco_rate_limit_exceeded_total',
  'auth_attempts_total',
  'auth_active_sessions',
  'auth_token_validations_total',
  'db_queries_total',
  'db_query_duration_seconds',
  'db_connection_pool_size',
  'db_connection_pool_active',
  'cache_operations_total',
  'cache_hit_ratio',
];

const EXPECTED = [
  ...Object.entries(COUNTED).flatMap(([prefix, count]) =>
    Array.from({ length: count }, (_, at) => `${prefix}${at + 1}`),
  ),
  ...METRICS,
];

interface Row {
  readonly id: string;
  readonly built: string;
  readonly shown: string;
}

const rows: readonly Row[] = readFileSync(join(repositoryRoot, 'docs/traceability.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| (?!id |-)/.test(line))
  .map((line) => {
    const [id = '', , built = '', shown = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return { id, built, shown };
  });

const quotedIn = (cell: string): string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, quoted = '']) => quoted);
/** A path of the repository, as against a command, a variable or an address. */
const looksLikeAPath = (quoted: string): boolean =>
  /^[\w.-]+(\/[\w.-]+)*$/.test(quoted) && (quoted.includes('/') || quoted.includes('.'));
const scripts = Object.keys(
  (
    JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    }
  ).scripts,
);

describe('tracing every inherited feature', () => {
  it('has one row for each id, and no other row', () => {
    expect(rows.map(({ id }) => id).toSorted()).toEqual(EXPECTED.toSorted());
  });

  it('names only files that exist', () => {
    const missing = rows.flatMap(({ id, built, shown }) =>
      [...quotedIn(built), ...quotedIn(shown)]
        .filter((quoted) => looksLikeAPath(quoted))
        .filter((path) => !existsSync(join(repositoryRoot, path)))
        .map((path) => `${id}: ${path}`),
    );

    expect(missing).toEqual([]);
  });

  it('names only scripts that the package has', () => {
    const missing = rows.flatMap(({ id, built, shown }) =>
      quotedIn(`${built} ${shown}`)
        .map((quoted) => /^npm run ([\w:-]+)/.exec(quoted)?.[1])
        .filter((script) => script !== undefined && !scripts.includes(script))
        .map((script) => `${id}: ${script}`),
    );

    expect(missing).toEqual([]);
  });

  it('says of each feature where it is built and what shows it, or that it is not there yet', () => {
    const vague = rows.filter(({ built, shown }) => {
      if (/\bnot yet\b/.test(built)) return shown === '';
      return built === '' || quotedIn(shown).length === 0;
    });

    expect(vague.map(({ id }) => id)).toEqual([]);
  });

  it('has no more that is not there yet than before', () => {
    const open = rows.filter(({ built }) => /\bnot yet\b/.test(built)).map(({ id }) => id);

    // Lower it with each feature that comes; it never rises.
    expect(open.length).toBeLessThanOrEqual(1);
  });
});
