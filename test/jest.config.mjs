import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

// An absolute root: jest applies a relative one twice when projects are listed.
const rootDir = resolve(import.meta.dirname, '..');

// One PostgreSQL for the whole run, for the projects that need it.
const withPostgres = {
  globalSetup: '<rootDir>/test/support/postgres.setup.mjs',
  globalTeardown: '<rootDir>/test/support/postgres.teardown.mjs',
};

const project = (displayName, testMatch, more = {}) => ({
  ...more,
  displayName,
  rootDir,
  testEnvironment: 'node',
  testMatch,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
});

// The real server has no place in a plain run: `npm run test:contract -- <address>` sets this.
const againstEventStoreDb =
  process.env.EVENTSTOREDB_CONTRACT_ADDRESS === undefined
    ? []
    : [project('eventstoredb', ['<rootDir>/test/contract/eventstoredb.contract.spec.ts'])];

// Redis has no place in npm: .ci/run installs Debian's and says so where it cannot.
const hasRedis = (process.env.PATH ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, 'redis-server')));
if (!hasRedis) process.stderr.write('Left out: limits-in-redis, since there is no redis-server.\n');

const RULES = { lines: 95, functions: 90, branches: 85 };

/** @type {import('jest').Config} */
export default {
  rootDir,
  // A net for what hangs, far beyond what a slow machine needs.
  testTimeout: 240_000,
  coverageProvider: 'v8',
  coverageDirectory: '<rootDir>/coverage',
  // docs/decisions/0071: what no test runs in its own process is left out, and the rules must be run more than the rest.
  collectCoverageFrom: [
    '<rootDir>/src/**/*.ts',
    '!<rootDir>/src/**/*.spec.ts',
    // Processes of their own in every test, held by test/contract; no part of what is shipped.
    '!<rootDir>/src/stand-ins/**',
    // What starts a process: the tests end to end start it so, where nobody counts.
    '!<rootDir>/src/{main,serve,observation,trace-app}.ts',
    '!<rootDir>/src/cli/{main,start-local.task}.ts',
    '!<rootDir>/src/cli/local/**',
    // Types alone among the rules: there is nothing to run.
    '!<rootDir>/src/matching/{bank-answer,payment-claim}.ts',
    '!<rootDir>/src/kernel/retrial.ts',
  ],
  coverageThreshold: {
    global: { lines: 85, functions: 85, branches: 85 },
    './src/transactions/domain/': RULES,
    './src/verification/domain/': RULES,
    './src/matching/': RULES,
    './src/kernel/': RULES,
  },
  reporters: ['default', '<rootDir>/test/support/plain-count.reporter.mjs'],
  projects: [
    project('unit', ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/{faults,simulation}/*.spec.ts']),
    project('architecture', ['<rootDir>/test/architecture/*.spec.ts']),
    {
      ...project('contract', ['<rootDir>/test/contract/**/*.contract.spec.ts'], withPostgres),
      testPathIgnorePatterns: ['/eventstoredb[.]contract[.]spec'],
    },
    ...againstEventStoreDb,
    {
      ...project('integration', ['<rootDir>/test/integration/**/*.int.spec.ts'], withPostgres),
      testPathIgnorePatterns: hasRedis ? [] : ['/limits-in-redis[.]int[.]spec'],
    },
    project('e2e', ['<rootDir>/test/e2e/**/*.e2e.spec.ts'], withPostgres),
  ],
};
