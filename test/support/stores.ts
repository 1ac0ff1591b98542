// Stores for tests that need real ones. The PostgreSQL server is shared by the run (postgres.setup.mjs), its
// databases are not; an event-store node is started for each file that asks, so that no file sees another's log.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrateToLatest } from '../../src/platform/database/migrator.js';
import { eventually } from './eventually.js';
import { StandInProcess } from './stand-in-process.js';

export interface TestDatabase {
  /** Its own database; as secret as a test password is. */
  readonly url: string;
  drop(): Promise<void>;
}

/** A database of its own for one test file, with every migration applied unless told otherwise. */
export async function freshDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  if (migrated) await migrateToLatest(url.href);
  // Autovacuum may be at work in it, which an ordinary role must not end; it is done in a moment.
  const drop = () => eventually(() => onServer(`drop database ${name} with (force)`));
  return { url: url.href, drop };
}

/** An event-store node in a process of its own, which a test may kill and start again on the same log and port. */
export class TestEventStore {
  static async start(): Promise<TestEventStore> {
    const directory = await mkdtemp(join(tmpdir(), 'test-event-store-'));
    const node = new TestEventStore(directory);
    await node.restart();
    return node;
  }

  private process: StandInProcess | null = null;
  private port = 0;

  private constructor(readonly directory: string) {}

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** As a power failure would: no goodbye. */
  async kill(): Promise<void> {
    await this.process?.end('SIGKILL');
    this.process = null;
  }

  /** With a goodbye: everything is in the file itself afterwards. */
  async pause(): Promise<void> {
    await this.process?.end();
    this.process = null;
  }

  async restart(): Promise<void> {
    this.process = await StandInProcess.start(
      'src/stand-ins/event-store-node/event-store-node.main.ts',
      ['--directory', this.directory, '--port', String(this.port)],
    );
    this.port = Number(this.process.ready['port']);
  }

  /** Ends the node and removes its log. */
  async stop(): Promise<void> {
    await this.process?.end();
    await rm(this.directory, { recursive: true, force: true });
  }
}

function serverUrl(): string {
  const url = process.env['TEST_POSTGRES_URL'];
  if (url === undefined) {
    throw new Error('only the jest projects integration and e2e have a database (jest.config.mjs)');
  }
  return url;
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
