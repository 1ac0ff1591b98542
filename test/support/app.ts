// The whole service in the process of a test, on real stores and a free port.
import { CommandBus } from '@nestjs/cqrs';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { IssueApiKey } from '../../src/access/api-keys/issue-api-key.command.js';
import type { Permission } from '../../src/access/requires.decorator.js';
import { AppModule, CONFIG_SECTIONS } from '../../src/app.module.js';
import { readConfiguration, type Environment } from '../../src/platform/config/config.js';
import { createApp } from '../../src/platform/http/create-app.js';
import { stopServing } from '../../src/platform/http/stop-serving.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { freshDatabase, TestEventStore, type TestDatabase } from './stores.js';

export interface TestAppOptions {
  /** Variables beside those that lead to the test's own stores. */
  readonly environment?: Environment;
  /** Modules of the test itself, such as one with routes to provoke something. */
  readonly modules?: NonNullable<DynamicModule['imports']>;
  readonly migrated?: boolean;
}

type Parts = Pick<TestApp, 'app' | 'database' | 'eventStore' | 'lines' | 'environment'>;

/** A thread would load its own modules past jest, which compiles ours; processes of their own have one. */
const WITHIN_JEST = { EVENTSTORE_APPEND_THREAD: 'false' };

/** A running service; every test file has its own, with its own database and log. */
export class TestApp {
  static async start(options: TestAppOptions = {}): Promise<TestApp> {
    const [database, eventStore] = await Promise.all([
      freshDatabase({ migrated: options.migrated ?? true }),
      TestEventStore.start(),
    ]);
    const environment = testEnvironment(database, eventStore, options.environment);
    const configuration = readConfiguration(CONFIG_SECTIONS, { ...environment, ...WITHIN_JEST });
    const lines: string[] = [];
    const logger = createLogger(
      { level: 'info', pretty: false },
      { write: (line) => void lines.push(line) },
    );
    const root = AppModule.with(configuration, logger);
    const rootModule = {
      ...root,
      imports: [...(root.imports ?? []), ...(options.modules ?? [])],
    };
    const app = await createApp({ rootModule, configuration, logger });
    await app.getHttpAdapter().getInstance().listen({ host: '127.0.0.1', port: 0 });
    return new TestApp({ app, database, eventStore, lines, environment });
  }

  private stopped: Promise<void> | null = null;

  readonly app: NestFastifyApplication;
  readonly database: TestDatabase;
  readonly eventStore: TestEventStore;
  /** Every line logged so far. */
  readonly lines: readonly string[];
  /** What it was configured with. */
  readonly environment: Readonly<Record<string, string>>;

  private constructor(parts: Parts) {
    this.app = parts.app;
    this.database = parts.database;
    this.eventStore = parts.eventStore;
    this.lines = parts.lines;
    this.environment = parts.environment;
  }

  get port(): number {
    return (this.app.getHttpServer().address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A fresh key; of the operator unless a merchant is named. */
  async issueKey(
    permissions: readonly Permission[],
    merchantId: string | null = null,
  ): Promise<string> {
    const issued = await this.app.get(CommandBus).execute(
      new IssueApiKey({
        merchantId,
        name: 'test',
        mode: 'live',
        permissions,
        expiresAt: null,
        issuedBy: 'process:test',
      }),
    );
    return issued.key;
  }

  /** Another instance on the same stores, which is asked without a socket; whoever starts it closes it. */
  async startBeside(): Promise<NestFastifyApplication> {
    const configuration = readConfiguration(CONFIG_SECTIONS, {
      ...this.environment,
      ...WITHIN_JEST,
    });
    const logger = createLogger({ level: 'silent', pretty: false }, { write: () => undefined });
    return createApp({ rootModule: AppModule.with(configuration, logger), configuration, logger });
  }

  /** Stops the service as main does, then its stores; again does nothing. */
  stop(drainMs = 0): Promise<void> {
    this.stopped ??= stopServing(this.app, drainMs)
      .then(() => Promise.all([this.database.drop(), this.eventStore.stop()]))
      .then(() => undefined);
    return this.stopped;
  }
}

// Tests call as fast as they can; those of the limits set their own.
const NO_LIMITS = {
  RATE_LIMIT_DEFAULT: '100000000/60',
  RATE_LIMIT_LOGIN: '100000/60',
  RATE_LIMIT_REGISTER: '100000/60',
};

// Nothing listens there: a test that needs a bank names its own.
const NO_BANK = {
  BANESCO_BASE_URL: 'http://127.0.0.1:9',
  BANESCO_TOKEN_URL: 'http://127.0.0.1:9/token',
  BANESCO_TRANSACTIONS_PATH: '/transactions',
  BANESCO_CLIENT_ID: 'nobody',
  BANESCO_CLIENT_SECRET: 'nothing',
  BANESCO_AFFILIATE: 'test',
  // Merchants of a test claim on their own accounts under the one credential there is, and no bank answers.
  PAGO_MOVIL_ACCOUNTS_SHARED: 'true',
};

/** What a process needs to be told to run on the stores of a test. */
export function testEnvironment(
  database: TestDatabase,
  eventStore: TestEventStore,
  more: Environment = {},
): Record<string, string> {
  const key = randomBytes(32).toString('base64');
  const own = {
    DATABASE_URL: database.url,
    EVENTSTORE_URL: eventStore.url,
    PERSONAL_DATA_MASTER_KEY: key,
    PERSONAL_DATA_INDEX_KEY: key,
    ...NO_LIMITS,
    ...NO_BANK,
    ...more,
  };
  return Object.fromEntries(
    Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
