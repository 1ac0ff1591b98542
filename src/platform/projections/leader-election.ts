import { createHash } from 'node:crypto';
import { Client, type QueryResult, type QueryResultRow } from 'pg';
import { connectionSettings } from '../database/postgres-connection.js';

// The server ends the session of a machine that vanished after about this long: 2 + 3 x 1 seconds.
const KEEPALIVES =
  'set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3';
const HEARTBEAT_EVERY_MS = 2_000;
const HEARTBEAT_TIMEOUT_MS = 3_000;

/** The right to be the one that does something, while `signal` has not aborted. */
export interface Leadership {
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/**
 * Lets one process among many lead in each of several things, by session advisory locks of Postgres on one
 * connection of its own: when the process or the connection dies, the server frees the locks and others take over.
 */
export class LeaderElection {
  private session: Promise<Session> | null = null;
  private closed = false;

  constructor(private readonly url: string) {}

  /** Leadership of the thing named, or null while another process has it. Throws when Postgres is away. */
  async tryLead(name: string): Promise<Leadership | null> {
    if (this.closed) return null;
    this.session ??= this.open();
    const session = await this.session;
    return session.tryLock(lockOf(name));
  }

  /** Ends the connection and with it every leadership. */
  async close(): Promise<void> {
    this.closed = true;
    const session = await this.session?.catch(() => null);
    await session?.end();
  }

  private async open(): Promise<Session> {
    try {
      return await Session.open(this.url, () => {
        this.session = null;
      });
    } catch (error) {
      this.session = null;
      throw error;
    }
  }
}

class Session {
  static async open(url: string, onEnd: () => void): Promise<Session> {
    const client = new Client({
      ...connectionSettings(url),
      application_name: 'constancia leader',
      query_timeout: HEARTBEAT_TIMEOUT_MS,
    });
    const session = new Session(client, onEnd);
    try {
      await client.connect();
      await client.query(KEEPALIVES);
      return session;
    } catch (error) {
      session.abort();
      throw error;
    }
  }

  private turn: Promise<unknown> = Promise.resolve();
  private readonly ended = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(
    private readonly client: Client,
    private readonly onEnd: () => void,
  ) {
    client.on('error', () => this.abort());
    client.on('end', () => this.abort());
    this.heartbeat = setInterval(() => {
      this.ask('select 1').catch(() => this.abort());
    }, HEARTBEAT_EVERY_MS);
    this.heartbeat.unref();
  }

  async tryLock(lock: bigint): Promise<Leadership | null> {
    const { rows } = await this.ask<{ locked: boolean }>(
      'select pg_try_advisory_lock($1) as locked',
      [lock],
    );
    if (rows[0]?.locked !== true) return null;
    return {
      signal: this.ended.signal,
      release: async () => {
        // When the session is over the server has freed the lock already.
        if (this.ended.signal.aborted) return;
        await this.ask('select pg_advisory_unlock($1)', [lock]).catch(() => this.abort());
      },
    };
  }

  /** One statement at a time: pg deprecates queueing them by itself (8.23) and will drop it. */
  private ask<Row extends QueryResultRow>(
    statement: string,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> {
    const asked = this.turn.then(() => this.client.query<Row>(statement, [...values]));
    this.turn = asked.catch(() => undefined);
    return asked;
  }

  async end(): Promise<void> {
    this.abort();
    await this.client.end().catch(() => undefined);
  }

  private abort(): void {
    if (this.ended.signal.aborted) return;
    clearInterval(this.heartbeat);
    this.ended.abort();
    this.onEnd();
    // A connection that only we believe dead must not keep the lock from others.
    this.client.end().catch(() => undefined);
  }
}

const lockOf = (name: string): bigint =>
  createHash('sha256').update(`constancia ${name}`).digest().readBigInt64BE(0);
