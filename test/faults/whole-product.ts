import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { migrateToLatest } from '../../src/platform/database/migrator.js';
import { PostgresNode } from '../../src/stand-ins/postgres-node/postgres-node.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { eventually } from '../support/eventually.js';
import { bankEnvironment, creditRow, FAST } from '../support/running-system.js';
import { ACCOUNT, SandboxClient } from '../support/sandbox-client.js';
import { StandInProcess } from '../support/stand-in-process.js';
import { MortalMain } from './mortal-main.js';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const READY_WITHIN_MS = 60_000;
const NODE_MAIN = 'dist/stand-ins/event-store-node/event-store-node.main.js';

/** A message that a killed process had in hand is free again after the timeout and five seconds; none is given up. */
const WEBHOOKS = {
  WEBHOOK_PRIVATE_NETWORK: 'true',
  WEBHOOK_RETRY_SECONDS: '0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19',
  WEBHOOK_TIMEOUT_MS: '4000',
};

export type Part = 'service' | 'event store' | 'postgres';

interface Demo {
  readonly apiKey: string;
  readonly receivingAccountId: string;
}

/** Service, event store and PostgreSQL, durable, as processes that may be killed; and a bank that lives through it. */
export class WholeProduct {
  static async start(): Promise<WholeProduct> {
    const directory = await mkdtemp(join(tmpdir(), 'constancia-faults-'));
    const { bank } = await SandboxClient.start({
      accounts: [ACCOUNT],
      limit: { calls: 60, windowMs: 1_000 },
    });
    const product = new WholeProduct(directory, bank);
    try {
      await Promise.all([product.startEventStore(), product.startPostgres()]);
      await migrateToLatest(product.databaseUrl);
      product.demo = await product.seed();
      return product;
    } catch (error) {
      await product.stop();
      throw error;
    }
  }

  private readonly keys = {
    PERSONAL_DATA_MASTER_KEY: randomBytes(32).toString('base64'),
    PERSONAL_DATA_INDEX_KEY: randomBytes(32).toString('base64'),
  };
  private eventStore: StandInProcess | null = null;
  private eventStorePort = 0;
  private postgres: PostgresNode | null = null;
  private postgresPort = 0;
  private service: MortalMain | null = null;
  private serviceUrl = '';
  private demo: Demo = { apiKey: '', receivingAccountId: '' };

  private constructor(
    private readonly directory: string,
    private readonly bank: SandboxBank,
  ) {}

  get databaseUrl(): string {
    return this.postgres?.connectionString ?? '';
  }

  get eventStoreUrl(): string {
    return `esdb://127.0.0.1:${this.eventStorePort}?tls=false`;
  }

  get receivingAccountId(): string {
    return this.demo.receivingAccountId;
  }

  get environment(): Record<string, string> {
    return {
      ...bankEnvironment(this.bank),
      BANESCO_AFFILIATE: 'faults',
      BANESCO_LIMIT_CALLS: '60',
      BANESCO_LIMIT_PER_TRANSACTION_CALLS: '60',
      ...FAST,
      ...WEBHOOKS,
      ...this.keys,
      DATABASE_URL: this.databaseUrl,
      EVENTSTORE_URL: this.eventStoreUrl,
      HTTP_PORT: '0',
    };
  }

  /**
   * Starts the service; with `dieAt` it will end by itself. Returns when it is ready, or has ended. Nobody takes from
   * the one before what it held: its right to speak to the bank lapses by itself, seconds later.
   */
  async startService(dieAt: string | null = null): Promise<MortalMain> {
    const service = new MortalMain(this.environment, dieAt);
    this.service = service;
    this.serviceUrl = (await service.url()) ?? this.serviceUrl;
    await this.ready();
    return service;
  }

  /** A process beside the service that only follows the log; it leads no read model while the service lives. */
  async startStandby(): Promise<MortalMain> {
    const standby = new MortalMain({ ...this.environment, ROLES: 'projector' }, null);
    const url = await standby.url();
    await eventually(async () => (await fetch(`${url}/readyz`)).status === 200, {
      withinMs: READY_WITHIN_MS,
      everyMs: 50,
    });
    return standby;
  }

  async killService(): Promise<void> {
    await this.service?.kill();
  }

  /** Ends a part by SIGKILL and starts it again on what it left on the disk. */
  async killAndRestart(part: Part): Promise<void> {
    if (part === 'service') {
      await this.service?.kill();
      await this.startService();
      return;
    }
    if (part === 'event store') {
      await this.eventStore?.end('SIGKILL');
      await this.startEventStore();
    } else {
      await this.killPostgres();
      await this.startPostgres();
    }
    await this.ready();
  }

  async addCredit(reference: string, amount: number): Promise<void> {
    await fetch(`${this.bank.url}/admin/movements`, {
      method: 'POST',
      headers: { 'x-sandbox-admin': '1', 'content-type': 'application/json' },
      body: JSON.stringify([creditRow({ reference, amount })]),
    });
  }

  async breaches(): Promise<number> {
    const response = await fetch(`${this.bank.url}/admin/state`, {
      headers: { 'x-sandbox-admin': '1' },
    });
    return ((await response.json()) as { breaches: number }).breaches;
  }

  /** One call to the API; null when nobody answered. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; body: Record<string, unknown> } | null> {
    try {
      const response = await fetch(`${this.serviceUrl}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.demo.apiKey}`,
          'content-type': 'application/json',
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(10_000),
      });
      return {
        status: response.status,
        body: (await response.json()) as Record<string, unknown>,
      };
    } catch {
      return null;
    }
  }

  async query<Row>(text: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query(text);
      return rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** Runs a command of the built command line; its last line, whatever the exit code. */
  async command(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...this.environment },
    }).catch((error: unknown) => {
      // A command that found something says so by its exit code, after its last line.
      const ended = error as { code: unknown; stdout: string };
      if (ended.code !== 1 || ended.stdout.trim() === '') throw error;
      return ended;
    });
    return stdout.trim().split('\n').at(-1) ?? '';
  }

  async stop(): Promise<void> {
    await this.service?.kill();
    await this.eventStore?.end('SIGKILL');
    await Promise.all([this.postgres?.stop(), this.bank.stop()]);
    await rm(this.directory, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const { service } = this;
    if (service === null) return;
    await eventually(
      async () => {
        if (service.hasEnded) return;
        const response = await fetch(`${this.serviceUrl}/readyz`, {
          signal: AbortSignal.timeout(5_000),
        });
        if (response.status !== 200) throw new Error(`not ready: ${response.status}`);
      },
      { withinMs: READY_WITHIN_MS, everyMs: 50 },
    );
  }

  private async startEventStore(): Promise<void> {
    this.eventStore = await StandInProcess.start(NODE_MAIN, [
      '--directory',
      join(this.directory, 'event-store'),
      '--port',
      String(this.eventStorePort),
    ]);
    this.eventStorePort = Number(this.eventStore.ready['port']);
  }

  private async startPostgres(): Promise<void> {
    this.postgres = await PostgresNode.start({
      directory: join(this.directory, 'postgres'),
      port: this.postgresPort,
    });
    this.postgresPort = this.postgres.port;
  }

  private async killPostgres(): Promise<void> {
    const file = join(this.directory, 'postgres', 'cluster', 'postmaster.pid');
    process.kill(Number.parseInt(await readFile(file, 'utf8'), 10), 'SIGKILL');
    await this.postgres?.exited;
  }

  private async seed(): Promise<Demo> {
    const file = join(this.directory, 'merchant.json');
    await this.command('seed', '--account', ACCOUNT, '--out', file);
    return JSON.parse(await readFile(file, 'utf8')) as Demo;
  }
}
