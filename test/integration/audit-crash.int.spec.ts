import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { EventStoreDbLogReader } from '../../src/platform/event-store/eventstoredb.log-reader.js';
import { testEnvironment } from '../support/app.js';
import { commandLine } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { MainProcess } from '../support/main-process.js';
import { freshDatabase, TestEventStore, type TestDatabase } from '../support/stores.js';

const loaded = (file: string): string =>
  `--import ${pathToFileURL(resolve(import.meta.dirname, '../support', file)).href}`;

/** Makes a process die at a step of an act's way into the log. */
const dyingAt = (step: 'written' | 'relayed' | 'appended') => ({
  NODE_OPTIONS: `${loaded('run-typescript.mjs')} ${loaded('die-at-act.mjs')}`,
  DIE_AT_ACT: step,
});

describe('killing a process while an act is on its way into the audit', () => {
  let database: TestDatabase;
  let eventStore: TestEventStore;
  let environment: Record<string, string>;

  beforeAll(async () => {
    [database, eventStore] = await Promise.all([freshDatabase(), TestEventStore.start()]);
    environment = testEnvironment(database, eventStore, { ROLES: 'api,projector' });
  });

  afterAll(() => Promise.all([database.drop(), eventStore.stop()]));

  const rows = async <Row extends object>(sql: string): Promise<Row[]> => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const waiting = () => rows('select act_id from state.security_act');
  const makeAdmin = (more: Readonly<Record<string, string>> = {}) =>
    commandLine({ ...environment, ...more })(
      'admin',
      'create',
      '--email',
      'first@example.com',
      '--name',
      'First',
    );
  const actsInLog = async (): Promise<string[]> => {
    const reader = new EventStoreDbLogReader(eventStore.url);
    const acts: string[] = [];
    for await (const { data, streamName } of reader.readAll(null)) {
      if (streamName.startsWith('access-')) acts.push((data as { act: string }).act);
    }
    await reader.close();
    return acts;
  };

  it('loses none and doubles none, wherever it dies', async () => {
    // Within the transaction: neither the user nor the act is there.
    expect((await makeAdmin(dyingAt('written'))).code).not.toBe(0);
    expect(await rows('select user_id from state.app_user')).toEqual([]);
    expect(await waiting()).toEqual([]);

    expect(await makeAdmin()).toMatchObject({ code: 0 });
    expect(await waiting()).toHaveLength(1);

    const relayed = new MainProcess({ ...environment, ...dyingAt('relayed') });
    await relayed.exitCode();
    expect(await actsInLog()).toEqual([]);
    expect(await waiting()).toHaveLength(1);

    const appended = new MainProcess({ ...environment, ...dyingAt('appended') });
    await appended.exitCode();
    expect(await actsInLog()).toEqual(['user.created']);
    expect(await waiting()).toHaveLength(1);

    const whole = new MainProcess(environment);
    try {
      await whole.url();
      await eventually(async () => (await waiting()).length === 0);
      await eventually(async () =>
        expect(await rows<{ act: string }>('select act from read.audit_entry')).toEqual([
          { act: 'user.created' },
        ]),
      );
      expect(await actsInLog()).toEqual(['user.created']);
    } finally {
      await whole.kill();
    }
  });
});
