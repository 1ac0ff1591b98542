import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { cruise, repositoryRoot } from './cruise.js';

const { forbidden } = createRequire(import.meta.url)('./dependency-rules.cjs') as {
  forbidden: readonly { name: string }[];
};

// The one import in each fixture that its rule must report: rule, file, what it may not import.
const DELIBERATE = [
  ['access-uses-only-its-list', 'access/strays.ts', 'src/merchants/merchants.module.ts'],
  [
    'bank-gateway-uses-only-its-list',
    'bank-gateway/strays.ts',
    'src/merchants/merchants.module.ts',
  ],
  ['domain-is-pure', 'transactions/domain/uses-nest.ts', '@nestjs/common/index.js'],
  ['domain-is-pure', 'transactions/events/knows-a-type.event.ts', 'pino/pino.js'],
  ['event-store-driver', 'finance/appends.ts', '@eventstore/db-client/dist/index.js'],
  ['finance-uses-only-its-list', 'finance/strays.ts', 'src/bank-gateway/bank-gateway.module.ts'],
  ['http-driver', 'finance/calls-what-is-not-installed.ts', 'got'],
  ['http-driver', 'finance/calls.ts', 'axios/index.d.ts'],
  ['kernel-is-alone', 'kernel/reads-files.ts', 'fs'],
  ['live-uses-only-its-list', 'live/strays.ts', 'src/webhooks/webhooks.module.ts'],
  ['mail-driver', 'finance/mails.ts', 'nodemailer/dist/esm/nodemailer.js'],
  ['matching-is-pure', 'matching/parses.ts', 'zod/index.d.cts'],
  ['matching-is-pure', 'matching/strays.ts', 'src/access/access.module.ts'],
  ['matching-uses-only-its-list', 'matching/strays.ts', 'src/access/access.module.ts'],
  [
    'merchants-uses-only-its-list',
    'merchants/strays.ts',
    'src/transactions/transactions.module.ts',
  ],
  ['notifications-uses-only-its-list', 'notifications/strays.ts', 'src/finance/finance.module.ts'],
  ['no-circular', 'kernel/circle-a.ts', 'src/kernel/circle-b.ts'],
  ['nobody-imports-an-entry-point', 'starts-twice.ts', 'src/main.ts'],
  [
    'only-public-files-cross-contexts',
    'finance/pries.ts',
    'src/transactions/domain/transaction.ts',
  ],
  ['platform-knows-no-context', 'platform/nosy.ts', 'src/transactions/transactions.module.ts'],
  ['production-imports-no-test', 'finance/tests.ts', 'test/support/builder.ts'],
  ['sql-driver', 'finance/selects.ts', 'kysely/dist/index.js'],
  ['redis-driver', 'finance/counts.ts', '@redis/client/dist/index.js'],
  ['stand-ins-share-nothing', 'stand-ins/sandbox-bank/shares.ts', 'src/platform/clean.ts'],
  ['stand-ins-stay-out-of-production', 'borrows.ts', 'src/stand-ins/sandbox-bank/clean.ts'],
  ['transactions-uses-only-its-list', 'transactions/strays.ts', 'src/finance/finance.module.ts'],
  ['verification-uses-only-its-list', 'verification/strays.ts', 'src/finance/finance.module.ts'],
  ['webhooks-uses-only-its-list', 'webhooks/strays.ts', 'src/finance/finance.module.ts'],
] as const;

const line = (rule: string, from: string, to: string) => `${rule}: ${from} -> ${to}`;

describe('checking who imports whom', () => {
  it('finds nothing forbidden in the tree', () => {
    const { files, violations } = cruise(repositoryRoot);

    expect(files.length).toBeGreaterThan(30);
    expect(violations.map(({ rule, from, to }) => line(rule, from, to))).toEqual([]);
  });

  it('reports each deliberate violation, and nothing beside them', () => {
    const { violations } = cruise(resolve(import.meta.dirname, 'fixtures'));

    expect(violations.map(({ rule, from, to }) => line(rule, from, to)).toSorted()).toEqual(
      DELIBERATE.map(([rule, from, to]) => line(rule, `src/${from}`, to)).toSorted(),
    );
  });

  it('has a deliberate violation for every rule', () => {
    const shown = new Set<string>(DELIBERATE.map(([rule]) => rule));

    expect(forbidden.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});
