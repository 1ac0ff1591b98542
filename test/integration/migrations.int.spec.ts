import { jest } from '@jest/globals';
import { sql } from 'kysely';
import { migrateCheckTask } from '../../src/cli/migrate.task.js';
import {
  listMigrations,
  migrateDown,
  migrateToLatest,
} from '../../src/platform/database/migrator.js';
import { migrations } from '../../src/platform/database/migrations/all.js';
import { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { freshDatabase, type TestDatabase } from '../support/stores.js';

const names = Object.keys(migrations);

let database: TestDatabase;
let connection: PostgresConnection;

beforeEach(async () => {
  database = await freshDatabase({ migrated: false });
  connection = new PostgresConnection(
    { url: database.url, poolSize: 2, onConnectionFailure: () => undefined },
    new Metrics(),
  );
});

afterEach(async () => {
  await connection.close();
  await database.drop();
});

const tables = async () => {
  const { rows } = await sql<{ name: string }>`
    select table_schema || '.' || table_name as name from information_schema.tables
    where table_schema in ('read', 'state') order by 1`.execute(connection.kysely);
  return rows.map(({ name }) => name);
};

describe('asking for pending migrations before a release', () => {
  const earlier = { ...process.env };
  afterEach(() => {
    process.env = { ...earlier };
    jest.restoreAllMocks();
  });

  it('fails while one is pending, and passes once all ran', async () => {
    process.env['DATABASE_URL'] = database.url;
    const said: string[] = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));

    expect(await migrateCheckTask.run({})).toBe(1);
    expect(said).toEqual(names.map((name) => `pending  ${name}`));
    await migrateToLatest(database.url);
    said.length = 0;
    expect(await migrateCheckTask.run({})).toBe(0);
    expect(said.filter((line) => line.startsWith('pending'))).toEqual([]);
  });
});

describe('migrating', () => {
  it('lists its migrations in the order of their numbers', () => {
    expect(names).toEqual([...names].sort());
    expect(new Set(names.map((name) => name.slice(0, 4))).size).toBe(names.length);
  });

  it('brings an empty database up to date', async () => {
    expect(await migrateToLatest(database.url)).toEqual(names);
    expect(await tables()).toEqual(
      expect.arrayContaining([
        'read.projection_checkpoint',
        'read.quarantined_event',
        'state.data_key',
      ]),
    );
  });

  it('leaves alone what a later version has made, so that its former image can run again', async () => {
    await migrateToLatest(database.url);
    await sql`insert into state.kysely_migration (name, timestamp)
      values ('9999-of-a-later-version', ${new Date().toISOString()})`.execute(connection.kysely);
    expect(await migrateToLatest(database.url)).toEqual([]);
    const listed = await listMigrations(database.url);
    expect(listed.map(({ name }) => name)).toEqual([...names, '9999-of-a-later-version']);
    expect(listed.every(({ executedAt }) => executedAt !== undefined)).toBe(true);
    await expect(migrateDown(database.url)).rejects.toThrow('belongs to a later version');
  });

  it('does nothing the second time', async () => {
    await migrateToLatest(database.url);
    expect(await migrateToLatest(database.url)).toEqual([]);
    const listed = await listMigrations(database.url);
    expect(listed.every(({ executedAt }) => executedAt !== undefined)).toBe(true);
  });

  it('lets instances that start together take turns', async () => {
    const together = await Promise.all(
      Array.from({ length: 4 }, () => migrateToLatest(database.url)),
    );
    expect(together.flat().sort()).toEqual(names);
  });

  it('can be undone step by step and repeated', async () => {
    await migrateToLatest(database.url);
    const before = await tables();
    for (const name of names.toReversed()) expect(await migrateDown(database.url)).toBe(name);
    expect(await tables()).toEqual(expect.not.arrayContaining(['state.data_key']));
    await migrateToLatest(database.url);
    expect(await tables()).toEqual(before);
  });
});

describe('reading what Postgres holds', () => {
  it('gives exact whole numbers and dates without a time zone', async () => {
    const { rows } = await sql<Record<string, unknown>>`
      select 9007199254740993::bigint as big, date '2026-11-03' as day, 1.50::numeric as exact,
        timestamptz '2026-11-03T04:00:00Z' as at, '{"a":1}'::jsonb as doc`.execute(
      connection.kysely,
    );
    expect(rows[0]).toEqual({
      big: 9_007_199_254_740_993n,
      day: '2026-11-03',
      exact: '1.50',
      at: new Date('2026-11-03T04:00:00Z'),
      doc: { a: 1 },
    });
  });
});
