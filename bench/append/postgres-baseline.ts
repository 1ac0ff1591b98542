import { Pool } from 'pg';
import { PostgresNode } from '../../src/stand-ins/postgres-node/postgres-node.js';
import { claimRow } from './payload.js';

const POOL_SIZE = 16;

/** One row per claim in a plain table, durable: what an append is compared with. */
export class PostgresBaseline {
  private constructor(
    private readonly node: PostgresNode,
    private readonly pool: Pool,
    readonly version: string,
  ) {}

  static async start(directory: string): Promise<PostgresBaseline> {
    const node = await PostgresNode.start({ directory, port: 0 });
    const pool = new Pool({ connectionString: node.connectionString, max: POOL_SIZE });
    await pool.query(
      `CREATE TABLE claim (position bigserial PRIMARY KEY, id uuid NOT NULL UNIQUE,
       stream text NOT NULL, data jsonb NOT NULL, metadata jsonb NOT NULL)`,
    );
    // The server may close a resting connection before the pool has.
    pool.on('error', () => undefined);
    const settings = await pool.query<{ server_version: string; fsync: string }>(
      `SELECT current_setting('server_version') AS server_version,
       current_setting('fsync') || '/' || current_setting('synchronous_commit') AS fsync`,
    );
    const [row] = settings.rows;
    return new PostgresBaseline(
      node,
      pool,
      `PostgreSQL ${row?.server_version}, fsync/synchronous_commit ${row?.fsync}`,
    );
  }

  insert(stream: string): Promise<unknown> {
    const [id, body, metadata] = claimRow();
    return this.pool.query({
      name: 'insert-claim',
      text: 'INSERT INTO claim (id, stream, data, metadata) VALUES ($1, $2, $3, $4)',
      values: [id, stream, body, metadata],
    });
  }

  async stop(): Promise<void> {
    await this.pool.end();
    await this.node.stop();
  }
}
