import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateToLatest } from '../../src/platform/database/migrator.js';
import { PostgresNode } from '../../src/stand-ins/postgres-node/postgres-node.js';
import { EventStoreProcess } from '../../test/support/event-store-process.js';

const key = (): string => randomBytes(32).toString('base64');

/** Both stores, durable, on one disk; and what a process of the product must be told to use them. */
export class Stage {
  static async open(): Promise<Stage> {
    const directory = await mkdtemp(join(tmpdir(), 'constancia-bench-'));
    const [node, postgres] = await Promise.all([
      EventStoreProcess.startBuilt(join(directory, 'event-store')),
      PostgresNode.start({ directory: join(directory, 'postgres'), port: 0 }),
    ]);
    await migrateToLatest(postgres.connectionString);
    return new Stage(directory, node, postgres);
  }

  /** Nothing listens where the bank should be: nobody asks it here. */
  readonly environment: Readonly<Record<string, string>>;
  readonly masterKey = key();
  readonly indexKey = key();

  private constructor(
    private readonly directory: string,
    readonly node: EventStoreProcess,
    readonly postgres: PostgresNode,
  ) {
    this.environment = {
      DATABASE_URL: postgres.connectionString,
      EVENTSTORE_URL: `esdb://127.0.0.1:${node.port}?tls=false`,
      PERSONAL_DATA_MASTER_KEY: this.masterKey,
      PERSONAL_DATA_INDEX_KEY: this.indexKey,
      BANESCO_BASE_URL: 'http://127.0.0.1:9',
      BANESCO_TOKEN_URL: 'http://127.0.0.1:9/token',
      BANESCO_TRANSACTIONS_PATH: '/transactions',
      BANESCO_CLIENT_ID: 'nobody',
      BANESCO_CLIENT_SECRET: 'nothing',
      BANESCO_AFFILIATE: 'bench',
      HTTP_PORT: '0',
      LOG_LEVEL: 'info',
    };
  }

  async close(): Promise<void> {
    await this.node.stop();
    await this.postgres.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
