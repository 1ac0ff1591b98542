import { Kysely, PostgresDialect, sql } from 'kysely';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { type Database, DatabaseConnection } from '../../src/platform/database/database.js';
import { PostgresNode } from '../../src/stand-ins/postgres-node/postgres-node.js';

class PooledConnection extends DatabaseConnection {
  constructor(readonly kysely: Kysely<Database>) {
    super();
  }
}

/** A throw-away PostgreSQL with the migrations a spec needs. */
export class TestDatabase {
  private readonly opened: Kysely<Database>[] = [];

  private constructor(
    private readonly node: PostgresNode,
    private readonly directory: string,
  ) {}

  static async start(
    ...migrations: readonly ((db: Kysely<unknown>) => Promise<void>)[]
  ): Promise<TestDatabase> {
    const directory = await mkdtemp(join(tmpdir(), 'constancia-pg-'));
    const node = await PostgresNode.start({ directory, port: 0, durable: false });
    const database = new TestDatabase(node, directory);
    const { kysely } = database.connect();
    await sql`create schema if not exists state`.execute(kysely);
    await sql`create schema if not exists read`.execute(kysely);
    for (const migrate of migrations) await migrate(kysely as Kysely<unknown>);
    return database;
  }

  /** A pool of its own, as another instance of the service would have. */
  connect(poolSize = 4): DatabaseConnection {
    const pool = new Pool({ connectionString: this.node.connectionString, max: poolSize });
    // The server ends before the pools when a spec kills it; a lost idle connection is no news then.
    pool.on('error', () => undefined);
    const kysely = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    this.opened.push(kysely);
    return new PooledConnection(kysely);
  }

  async stop(): Promise<void> {
    await Promise.all(this.opened.map((kysely) => kysely.destroy()));
    await this.node.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
