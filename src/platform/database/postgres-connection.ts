import type { OnApplicationShutdown } from '@nestjs/common';
import { Kysely, PostgresDialect, type LogEvent } from 'kysely';
import { Pool } from 'pg';
import type { Metrics } from '../metrics/metrics.js';
import { DatabaseConnection, type Database } from './database.js';
import { sqlTypes } from './sql-types.js';

// A read model's page or a batch of a projection takes milliseconds; what takes longer than this is stuck.
const STATEMENT_TIMEOUT_MS = 30_000;
// Time for a free connection of the pool or for a new one; longer and the caller had better hear "unavailable".
const CONNECT_TIMEOUT_MS = 5_000;
// A transaction that waits on our code for this long has lost its owner.
const IDLE_IN_TRANSACTION_MS = 60_000;

export interface PostgresOptions {
  readonly url: string;
  readonly poolSize: number;
  /** Told about every connection that breaks, in use or not. */
  readonly onConnectionFailure: (error: Error) => void;
  /**
   * For a rebuild: statements may take minutes, and a commit does not wait for the disk, since what a crash takes
   * is replayed. Whoever needs a commit to last says so in its transaction.
   */
  readonly rebuilding?: boolean;
}

const REBUILDING = {
  statement_timeout: 0,
  query_timeout: 0,
  idle_in_transaction_session_timeout: 0,
  options: '-c synchronous_commit=off',
};

/** What every connection to Postgres is opened with, pooled or not. */
export const connectionSettings = (url: string) => ({
  connectionString: url,
  types: sqlTypes,
  application_name: 'constancia',
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  statement_timeout: STATEMENT_TIMEOUT_MS,
  // Seen from this side, for a server that no longer answers at all.
  query_timeout: STATEMENT_TIMEOUT_MS + 5_000,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  keepAlive: true,
});

/** The pool and Kysely over it, with every statement counted and timed. */
export class PostgresConnection extends DatabaseConnection implements OnApplicationShutdown {
  readonly kysely: Kysely<Database>;

  constructor(options: PostgresOptions, metrics: Metrics) {
    super();
    const pool = new Pool({
      ...connectionSettings(options.url),
      ...(options.rebuilding === true ? REBUILDING : {}),
      max: options.poolSize,
    });
    // Without listeners a server restart would end the process. The pool watches idle connections only, and nobody
    // those in use (pg 8.23.1, kysely 0.29.9); the statement in flight fails by itself, the pool makes a new one.
    pool.on('connect', (client) => client.on('error', options.onConnectionFailure));
    pool.on('error', () => undefined);
    metrics.dbPoolSize.set(options.poolSize);
    pool.on('acquire', () => metrics.dbPoolActive.inc());
    pool.on('release', () => metrics.dbPoolActive.dec());
    this.kysely = new Kysely<Database>({
      dialect: new PostgresDialect({ pool }),
      log: (event) => record(event, metrics),
    });
    this.closePool = async () => {
      // Kysely ends the pool only once it has used it.
      await this.kysely.destroy();
      if (!pool.ended) await pool.end();
    };
  }

  private readonly closePool: () => Promise<void>;

  /** Last of all: whatever else is stopping may still write. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** Waits for statements in flight and closes every connection. */
  close(): Promise<void> {
    return this.closePool();
  }
}

function record(event: LogEvent, metrics: Metrics): void {
  const operation = operationOf(event.query.query.kind);
  const outcome = event.level === 'error' ? 'error' : 'ok';
  metrics.dbQueries.inc({ operation, outcome });
  metrics.dbQuerySeconds.observe({ operation }, event.queryDurationMillis / 1000);
}

const OPERATIONS: Readonly<Record<string, string>> = {
  SelectQueryNode: 'select',
  InsertQueryNode: 'insert',
  UpdateQueryNode: 'update',
  DeleteQueryNode: 'delete',
  RawNode: 'raw',
};

const operationOf = (kind: string): string => OPERATIONS[kind] ?? 'schema';
